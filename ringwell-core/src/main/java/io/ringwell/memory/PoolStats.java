package io.ringwell.memory;

/// What a [BufferPool] holds and has done. Sizes in bytes. The values are read one after the other
/// while other threads go on, so they may disagree by what happened meanwhile; once nobody uses the
/// pool they are exact.
///
/// @param reservedBytes address space taken, equal to [BufferPool#reservedBytes]
/// @param committedBytes memory of the slabs in use so far; they stay until [BufferPool#trim]
/// @param inUseBytes memory of the buffers now handed out or lent, each counted with the whole
///   block that it takes
/// @param lentBytes memory of the buffers now lent to the kernel
/// @param waiting threads now parked for a buffer
/// @param peakBytes the most memory that was ever divided into blocks at once, in use or kept for
///   reuse: a bound that is never reached, and about what the pool needed
/// @param acquired buffers handed out so far
/// @param refused requests answered without a buffer so far: a `tryAcquire` that found none, a
///   timeout, an interrupt
/// @param damaged blocks found written to after their release; counted in poison mode only
public record PoolStats(
    long reservedBytes,
    long committedBytes,
    long inUseBytes,
    long lentBytes,
    long waiting,
    long peakBytes,
    long acquired,
    long refused,
    long damaged) {}
