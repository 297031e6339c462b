package io.ringwell.kv.table;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Memory that blocks are read or decompressed into, and that entries may keep for longer.
///
/// It is a buffer, which its owner fills and may fill again, until somebody wants a share of it
/// ([#bytes]); from then on it is immutable, and its owner takes another one for what comes next.
///
/// **Threads.** One at a time; [#close] once.
final class Room implements AutoCloseable {
  private final @Nullable IoBuffer buffer;
  private @Nullable Bytes bytes;
  private MemorySegment segment;

  private Room(@Nullable IoBuffer buffer, @Nullable Bytes bytes, MemorySegment segment) {
    this.buffer = buffer;
    this.bytes = bytes;
    this.segment = segment;
  }

  /// A buffer of at least `size` bytes; null where the pool has none now.
  static @Nullable Room tryTake(BufferPool pool, long size) {
    if (size > pool.maxBytes()) {
      return null;
    }
    IoBuffer taken = pool.tryAcquire(size);
    return taken == null ? null : new Room(taken, null, taken.segment());
  }

  /// A handle of immutable memory, which the room takes over.
  static Room of(Bytes shared) {
    return new Room(null, shared, shared.segment());
  }

  /// The memory: good until [#bytes] or [#close].
  MemorySegment segment() {
    return segment;
  }

  /// The buffer, to be read into.
  IoBuffer buffer() {
    IoBuffer writable = buffer;
    if (writable == null || bytes != null) {
      throw new IllegalStateException("the memory is shared");
    }
    return writable;
  }

  /// Whether it may be written: nobody else has a share of it.
  boolean isWritable() {
    return bytes == null;
  }

  /// The memory for others to take slices of; the handle stays the room's. [#segment] is another
  /// one after the first call.
  Bytes bytes() {
    Bytes known = bytes;
    if (known == null) {
      known = buffer().freeze();
      bytes = known;
      segment = known.segment();
    }
    return known;
  }

  /// Gives the memory back, as far as this room is concerned, when no read is under way into it.
  @Override
  public void close() {
    Bytes shared = bytes;
    if (shared != null) {
      shared.close();
    } else {
      buffer().close();
    }
  }
}
