package io.ringwell.memory;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A writable piece of off-heap memory with one owner, from a [BufferPool].
///
/// **Ownership.** Whoever has the buffer closes it, or freezes it into [Bytes], once; either ends
/// it, and any use of it afterwards throws `IllegalStateException`. A second close throws too,
/// since it tells of two owners.
///
/// **Lending.** Before the memory's address is given to the kernel, [#lend]; when the kernel is
/// done with it (its completion came), [#giveBack]. In between a close is remembered but takes no
/// effect on the memory, and a freeze is refused. Lending is counted; one buffer may be lent up to
/// 65,535 times at once.
///
/// **Threads.** Life-cycle methods are atomic and may be called from any thread. Contents are the
/// owner's: hand the buffer to another thread as any unsynchronised object.
///
/// **Raw memory.** A segment or byte buffer taken from it is valid until it is closed or frozen.
/// Used later it may show the memory of someone else, never unmapped memory; with
/// `-Dringwell.check=strict` it throws. A raw address is good only while the buffer is open or
/// lent.
public final class IoBuffer implements AutoCloseable {
  private final Block block;
  private final int generation;
  private final long capacity;
  private final MemorySegment view;
  private final @Nullable Lease lease;
  private @Nullable MemorySegment segment;

  IoBuffer(Block block, int generation, long capacity, boolean tracked) {
    this.block = block;
    this.generation = generation;
    this.capacity = capacity;
    this.view = block.view;
    this.lease = tracked ? Lease.of(this, "IoBuffer", capacity, block, generation) : null;
  }

  /// The size asked for when it was acquired, in bytes.
  public long capacity() {
    return capacity;
  }

  /// The memory, [#capacity] bytes. The same object each time.
  public MemorySegment segment() {
    MemorySegment known = segment;
    if (known == null) {
      known = view.byteSize() == capacity ? view : view.asSlice(0, capacity);
      segment = known;
    }
    checkOpen();
    return known;
  }

  /// Whether the memory is that of a [BufferPool#secure] pool, and what is made from it likewise.
  public boolean isSecure() {
    return block.secure;
  }

  /// A new big-endian byte buffer over the memory, position 0, limit [#capacity].
  ///
  /// @throws IllegalStateException if the capacity is more than `Integer.MAX_VALUE`
  public ByteBuffer byteBuffer() {
    if (capacity > Integer.MAX_VALUE) {
      throw new IllegalStateException("a ByteBuffer cannot hold " + capacity + " bytes");
    }
    return segment().asByteBuffer();
  }

  /// Where the memory begins.
  public long address() {
    checkOpen();
    return view.address();
  }

  /// The whole buffer as immutable `Bytes`; ends this handle. No byte is copied.
  ///
  /// @throws IllegalStateException if it is lent, since its contents may still change; then it
  ///   stays open
  public Bytes freeze() {
    return freeze(0, capacity);
  }

  /// `length` bytes from `offset` on as immutable `Bytes`; ends this handle. The block stays in use
  /// as a whole.
  ///
  /// @throws IndexOutOfBoundsException if the range is not within the buffer; then it stays open
  /// @throws IllegalStateException if it is lent, since its contents may still change; then it
  ///   stays open
  public Bytes freeze(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, capacity);
    try {
      int next = block.freeze(generation);
      if (block.guard != null && !Guard.renew(block)) {
        block.thaw(generation);
        throw new IllegalStateException(
            "freeze of a buffer whose segment a native call still uses");
      }
      Bytes frozen;
      try {
        frozen = new Bytes(block, next, offset, length, lease != null);
      } catch (Throwable e) {
        block.thaw(generation);
        throw e;
      }
      settle();
      return frozen;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Lends the memory to the kernel until [#giveBack].
  ///
  /// @throws IllegalStateException if the buffer is closed or frozen
  public void lend() {
    try {
      block.lend(generation);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Ends one [#lend]; legal after a close, and then the last one frees the memory.
  ///
  /// @throws IllegalStateException if it is not lent
  public void giveBack() {
    block.giveBack(generation);
  }

  public boolean isClosed() {
    return !block.isOpen(generation);
  }

  /// Gives the memory back to its pool: now, or with the last [#giveBack] if it is lent.
  ///
  /// @throws IllegalStateException if it is closed or frozen already
  @Override
  public void close() {
    try {
      block.release(generation);
      settle();
    } finally {
      // Were this unreachable before the lease is settled, it would count as a leak.
      Reference.reachabilityFence(this);
    }
  }

  private void settle() {
    if (lease != null) {
      lease.settle();
    }
  }

  private void checkOpen() {
    if (!block.isOpen(generation)) {
      throw new IllegalStateException("use of a buffer that is closed or frozen");
    }
  }

  @Override
  public String toString() {
    return "IoBuffer[" + capacity + " bytes, " + (isClosed() ? "closed" : "open") + "]";
  }
}
