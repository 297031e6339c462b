package io.ringwell.memory;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A bounded pool of off-heap buffers.
///
/// **Bound.** The pool never holds more than [#maxBytes]. A request that does not fit now parks, is
/// refused (`tryAcquire`) or times out; one that can never fit throws `IllegalArgumentException`. A
/// buffer takes a block of the next power of two (at least the pool's alignment), or whole slabs if
/// it is larger than one; free space that is scattered can make a request wait although the sum
/// would do. Who holds buffers while waiting for more may wait for itself.
///
/// **Order.** Waiters are served in the order in which they came, whatever their sizes; while
/// anyone waits, newcomers queue behind.
///
/// **Threads.** All methods may be called from any thread. Giving a buffer back never blocks. A
/// virtual thread that waits unmounts.
///
/// **Memory.** Address space is reserved in one piece and committed slab by slab on demand, then
/// kept for reuse until [#trim] or the end. Where the system has no mmap(2), each slab is an
/// allocation of its own, and [#contiguous] is false.
///
/// **Contents.** A new buffer holds whatever its last user left; one of a secure pool, zeros.
///
/// **Cost.** Acquire and release of a recently used size take some tens of nanoseconds and allocate
/// the [IoBuffer] alone; otherwise a lock and a short search are added, and at times a system call.
public interface BufferPool extends AutoCloseable {

  /// An ordinary pool.
  static BufferPool shared(PoolOptions options) {
    return new SlabPool(options, SlabHeap.Kind.RANGE);
  }

  /// A pool for direct I/O: every buffer is aligned to 4096 bytes or the options' alignment,
  /// whichever is larger.
  static BufferPool aligned(PoolOptions options) {
    return new SlabPool(
        options.withAlignment(Math.max(options.alignment(), 4096)), SlabHeap.Kind.RANGE);
  }

  /// A pool for secrets. Its memory is locked, so that it never reaches the swap; left out of core
  /// dumps; not inherited by a forked process; every slab lies between pages that nobody may touch;
  /// and each buffer is zeroed when it comes back, so that a new one holds zeros.
  ///
  /// All of the bound is locked at once, here: whatever the system refuses, it refuses now, and
  /// ordinary memory is never given instead. No buffer is larger than a slab ([#maxBufferBytes]),
  /// which is a quarter of the bound unless the options say otherwise. [#trim] gives nothing back.
  ///
  /// What is made from its buffers says so ([Bytes#isSecure]), and refuses to be copied to ordinary
  /// memory by the way. Zeroing costs about a nanosecond for 32 bytes of each block.
  ///
  /// Opening takes a page fault for each page. Needs Linux, and as much locked memory
  /// (`RLIMIT_MEMLOCK`, or `CAP_IPC_LOCK`) as the bound.
  ///
  /// @throws SecureMemoryException if the system refuses any of it
  static BufferPool secure(PoolOptions options) {
    return new SlabPool(options, SlabHeap.Kind.SECURE);
  }

  /// A buffer of exactly `size` bytes' capacity; parks until there is one.
  ///
  /// @throws IllegalArgumentException if `size` is negative or more than [#maxBufferBytes]
  /// @throws IllegalStateException if the pool is closed, before or while waiting
  /// @throws InterruptedIOException if the thread is interrupted while it waits; its interrupt
  ///   status stays set
  /// @throws OutOfMemoryError if the system refuses memory within the bound
  IoBuffer acquire(long size) throws InterruptedIOException;

  /// The same, waiting at most `timeout`; zero or less does not wait.
  ///
  /// @throws TimeoutException if there was no buffer in time
  IoBuffer acquire(long size, Duration timeout) throws InterruptedIOException, TimeoutException;

  /// The same, waiting until `givenUp` holds, which is looked at before the thread parks and each
  /// time it is unparked: for those who may be told, meanwhile, that they want it no more.
  ///
  /// @return null where it was given up
  @Nullable IoBuffer acquire(long size, BooleanSupplier givenUp) throws InterruptedIOException;

  /// A buffer if there is one now and nobody waits, else null; never waits for one.
  ///
  /// @throws IllegalArgumentException if `size` is negative or more than [#maxBufferBytes]
  /// @throws IllegalStateException if the pool is closed
  /// @throws OutOfMemoryError if the system refuses memory within the bound
  @Nullable IoBuffer tryAcquire(long size);

  /// The bound, in bytes: the options' bound rounded down to whole slabs.
  long maxBytes();

  /// The largest buffer there can be, in bytes: all of [#maxBytes]; of a secure pool, one slab.
  default long maxBufferBytes() {
    return maxBytes();
  }

  /// Whether it was made by [#secure].
  default boolean isSecure() {
    return false;
  }

  /// Figures of the moment. Looks at every block, so it is meant for reports, not for hot paths.
  PoolStats stats();

  /// Gives the memory of slabs without a buffer back to the system, and returns how many bytes.
  /// Does nothing while the pool has a [SlabListener]. Takes time in proportion to the free blocks.
  long trim();

  /// Whether somebody waits for a buffer, or the pool is closed: then whoever keeps buffers for
  /// later gives them back. Costs a read.
  boolean isWanting();

  /// Has `keeper` called whenever a request has to wait, by the thread that is about to, so that
  /// buffers which are only kept for later go to whoever waits. It gives them back, and keeps none
  /// while the pool [#isWanting]; it must not take buffers, nor wait for anybody who does, nor
  /// throw.
  void addKeeper(Runnable keeper);

  /// Ends [#addKeeper]. May still be called by requests that wait already.
  void removeKeeper(Runnable keeper);

  /// Tells `listener` of every slab committed so far and from now on.
  ///
  /// @throws UnsupportedOperationException if the pool is not [#contiguous]
  void addSlabListener(SlabListener listener);

  /// Stops telling `listener`. Slabs it was told of may be trimmed from now on.
  void removeSlabListener(SlabListener listener);

  /// Whether all memory lies in one range of addresses that [#baseAddress] begins.
  boolean contiguous();

  /// The first address of the pool's range; 0 if it is not [#contiguous].
  long baseAddress();

  /// Length of the pool's range, in bytes, guards with it. A buffer larger than a slab spans
  /// several.
  long reservedBytes();

  /// Binary logarithm of the distance from slab to slab: of the slab size; of a secure pool, of
  /// twice that, since a guard of the same size follows each.
  int slabShift();

  /// Refuses further requests; waiters get `IllegalStateException`. Buffers handed out stay valid,
  /// and the memory is unmapped when the last is back. Closing again does nothing.
  @Override
  void close();
}
