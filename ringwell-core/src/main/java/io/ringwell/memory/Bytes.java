package io.ringwell.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Immutable off-heap memory, shared by reference count.
///
/// **Ownership.** Each handle is one reference. [#slice] and [#share] make further handles, in
/// constant time and without copying; each is closed once by its owner, in any order, and the
/// memory goes back to its pool when the last is closed. A closed handle throws
/// `IllegalStateException` on every use, also on a second close. Up to 16,777,215 handles may share
/// one buffer.
///
/// **Lending.** [#lend] and [#giveBack] hold the memory without a handle and without allocating,
/// for as long as the kernel reads it: closing all handles in between is legal and takes effect
/// with the last giveBack.
///
/// **Threads.** All methods may be called from any thread; nobody writes the contents.
///
/// **Raw memory.** Segments and byte buffers taken from it are read-only and valid while any handle
/// of the memory is open. Used later they may show the memory of someone else, never unmapped
/// memory; with `-Dringwell.check=strict` they throw. A raw address is good only while a handle is
/// open or the memory lent.
///
/// **Cost.** A handle is one small object. Memory is held as a whole: a short slice keeps its
/// entire buffer from its pool, so copy what is to be kept for long.
public final class Bytes implements AutoCloseable {
  private static final VarHandle CLOSED;

  static {
    try {
      CLOSED = MethodHandles.lookup().findVarHandle(Bytes.class, "closed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Block block;
  private final int generation;
  private volatile boolean closed;
  private final long offset;
  private final long size;
  private final MemorySegment view;
  private final @Nullable Lease lease;
  private @Nullable MemorySegment segment;

  /// Takes over a reference of the block that the caller has counted.
  Bytes(Block block, int generation, long offset, long size, boolean tracked) {
    this.block = block;
    this.generation = generation;
    this.offset = offset;
    this.size = size;
    this.view = block.view;
    this.lease = tracked ? Lease.of(this, "Bytes", size, block, generation) : null;
  }

  /// No bytes at all. A new handle, to be closed like any other.
  public static Bytes empty() {
    return Unpooled.bytesOf(Unpooled.allocate(0));
  }

  /// A copy of `source` in memory of its own, outside any pool; the copy is counted.
  public static Bytes copyOf(byte[] source) {
    return copyOf(MemorySegment.ofArray(source));
  }

  /// A copy of the remaining bytes of `source`, whose position stays, in memory of its own, outside
  /// any pool; the copy is counted.
  public static Bytes copyOf(ByteBuffer source) {
    return copyOf(MemorySegment.ofBuffer(source));
  }

  /// A copy of `source` in memory of its own, outside any pool; the copy is counted.
  public static Bytes copyOf(MemorySegment source) {
    MemorySegment memory = Unpooled.allocate(source.byteSize());
    memory.copyFrom(source);
    CopyCounter.add(source.byteSize());
    return Unpooled.bytesOf(memory);
  }

  /// Native memory of someone else as `Bytes`, without copying. It must not change and must stay
  /// mapped until `whenReleased` runs: once, on the thread that let go last, which it must not
  /// block.
  ///
  /// @throws IllegalArgumentException if `memory` is not native, since the kernel could not use it
  public static Bytes adopt(MemorySegment memory, Runnable whenReleased) {
    Objects.requireNonNull(whenReleased, "whenReleased");
    if (!memory.isNative()) {
      throw new IllegalArgumentException("not native memory: " + memory);
    }
    return Unpooled.bytesOf(memory, whenReleased);
  }

  /// Length in bytes.
  public long size() {
    checkOpen();
    return size;
  }

  /// Whether the memory is that of a [BufferPool#secure] pool. Slices, shares and chains keep to
  /// it; where bytes would be copied to ordinary memory by the way ([#toArray],
  /// [BytesChain#join()], a sink that collects), an exception says so. Who copies to memory of his
  /// own, by [#copyTo] or from a segment or byte buffer, answers for that memory.
  public boolean isSecure() {
    return block.secure;
  }

  /// The memory, read-only, [#size] bytes. The same object each time.
  public MemorySegment segment() {
    MemorySegment known = segment;
    if (known == null) {
      known = view.asSlice(offset, size).asReadOnly();
      segment = known;
    }
    checkOpen();
    return known;
  }

  /// A new read-only, big-endian byte buffer over the memory, position 0, limit [#size].
  ///
  /// @throws IllegalStateException if the size is more than `Integer.MAX_VALUE`
  public ByteBuffer byteBuffer() {
    if (size > Integer.MAX_VALUE) {
      throw new IllegalStateException("a ByteBuffer cannot hold " + size + " bytes");
    }
    return segment().asByteBuffer();
  }

  /// The byte at `index`.
  ///
  /// @throws IndexOutOfBoundsException if `index` is negative or not less than [#size]
  public byte get(long index) {
    checkOpen();
    return view.get(JAVA_BYTE, offset + Objects.checkIndex(index, size));
  }

  /// Where the memory begins.
  public long address() {
    checkOpen();
    return view.address() + offset;
  }

  /// `length` bytes from `from` on, as a new handle of the same memory.
  ///
  /// @throws IndexOutOfBoundsException if the range is not within these bytes
  public Bytes slice(long from, long length) {
    Objects.checkFromIndexSize(from, length, size);
    checkOpen();
    try {
      block.retain(generation);
      try {
        return new Bytes(block, generation, offset + from, length, lease != null);
      } catch (Throwable e) {
        block.release(generation);
        throw e;
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// A new handle of the same bytes.
  public Bytes share() {
    return slice(0, size);
  }

  /// A copy on the heap; counted.
  ///
  /// @throws IllegalStateException if the size is more than `Integer.MAX_VALUE`, or the bytes are
  ///   secure: an array can be neither locked nor reliably zeroed
  public byte[] toArray() {
    checkOpen();
    if (isSecure()) {
      throw new IllegalStateException(
          "secure bytes are not copied to the heap; use segment(), byteBuffer() or copyTo");
    }
    if (size > Integer.MAX_VALUE) {
      throw new IllegalStateException("an array cannot hold " + size + " bytes");
    }
    byte[] copy = new byte[(int) size];
    copyTo(0, MemorySegment.ofArray(copy), 0, size);
    return copy;
  }

  /// Copies `length` bytes from `from` on to `target`; counted.
  ///
  /// @throws IndexOutOfBoundsException if a range is not within these bytes or `target`
  public void copyTo(long from, MemorySegment target, long targetOffset, long length) {
    Objects.checkFromIndexSize(from, length, size);
    checkOpen();
    try {
      MemorySegment.copy(view, offset + from, target, targetOffset, length);
    } finally {
      Reference.reachabilityFence(this);
    }
    CopyCounter.add(length);
  }

  /// Lends the memory to the kernel until [#giveBack].
  ///
  /// @throws IllegalStateException if the handle is closed, or 65,535 are lent at once
  public void lend() {
    checkOpen();
    try {
      block.lend(generation);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Ends one [#lend]; legal after a close, and then the last one frees the memory.
  ///
  /// @throws IllegalStateException if the memory is not lent
  public void giveBack() {
    block.giveBack(generation);
  }

  public boolean isClosed() {
    return closed;
  }

  /// Ends this handle. The last one gives the memory back to its pool: now, or with the last
  /// [#giveBack] if it is lent.
  ///
  /// @throws IllegalStateException if it is closed already
  @Override
  public void close() {
    if (!CLOSED.compareAndSet(this, false, true)) {
      throw new IllegalStateException("close of bytes that are closed");
    }
    try {
      block.release(generation);
      if (lease != null) {
        lease.settle();
      }
    } finally {
      // Were this unreachable before the lease is settled, it would count as a leak.
      Reference.reachabilityFence(this);
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("use of bytes that are closed");
    }
  }

  @Override
  public String toString() {
    return "Bytes[" + size + " bytes, " + (closed ? "closed" : "open") + "]";
  }
}
