package io.ringwell.search;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The line that goes on in the next block. One thread's.
final class Carry implements AutoCloseable {
  private static final long FIRST_BYTES = 16 << 10;

  private Arena arena = Arena.ofConfined();
  private MemorySegment memory = arena.allocate(FIRST_BYTES);
  private long size;
  private long position;

  boolean isEmpty() {
    return size == 0;
  }

  /// Where in the file it starts.
  long position() {
    return position;
  }

  /// What there is of it.
  MemorySegment segment() {
    return memory.asSlice(0, size);
  }

  void clear() {
    size = 0;
  }

  /// Adds bytes that stand at `at` in the file.
  void append(MemorySegment in, long from, long to, long at) {
    if (size == 0) {
      position = at;
    }
    long length = to - from;
    if (size + length > memory.byteSize()) {
      Arena larger = Arena.ofConfined();
      MemorySegment grown = larger.allocate(Math.max(2 * memory.byteSize(), size + length));
      MemorySegment.copy(memory, 0, grown, 0, size);
      arena.close();
      arena = larger;
      memory = grown;
    }
    MemorySegment.copy(in, from, memory, size, length);
    size += length;
  }

  @Override
  public void close() {
    arena.close();
  }
}
