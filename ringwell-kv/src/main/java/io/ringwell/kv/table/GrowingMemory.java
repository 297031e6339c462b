package io.ringwell.kv.table;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Native memory of one owner that grows by doubling. One thread at a time; [#segment] is good
/// until it grows.
final class GrowingMemory implements AutoCloseable {
  private Arena arena;
  private MemorySegment segment;

  GrowingMemory(int bytes) {
    arena = Arena.ofShared();
    segment = arena.allocate(bytes);
  }

  MemorySegment segment() {
    return segment;
  }

  /// Makes room for `bytes`, and keeps the first `kept`.
  void ensure(int bytes, int kept) {
    if (bytes > segment.byteSize()) {
      grow(bytes, kept);
    }
  }

  private void grow(int bytes, int kept) {
    long doubled = Math.min(segment.byteSize() * 2, Integer.MAX_VALUE);
    Arena larger = Arena.ofShared();
    try {
      MemorySegment grown = larger.allocate(Math.max(doubled, bytes));
      MemorySegment.copy(segment, 0, grown, 0, kept);
      arena.close();
      segment = grown;
      arena = larger;
    } catch (Throwable e) {
      larger.close();
      throw e;
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
