package io.ringwell.kv;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A copy of a key, in off-heap memory that grows as needed and is reused. The collector frees it,
/// so that no close can take it from under a reader.
final class KeyBuffer {
  private static final int FIRST_BYTES = 64;

  private MemorySegment memory = MemorySegment.NULL;
  private int length;

  /// At least [#length] bytes, the key first. Valid, but outdated, after the next [#set].
  MemorySegment segment() {
    return memory;
  }

  int length() {
    return length;
  }

  void set(MemorySegment key, long offset, int bytes) {
    reserve(bytes);
    MemorySegment.copy(key, offset, memory, 0, bytes);
    length = bytes;
  }

  /// Whether it is an entry's key.
  boolean holds(Entry entry) {
    return Keys.equal(memory, 0, length, entry.keySegment, entry.keyOffset, entry.keyLength);
  }

  /// Room for a key of so many bytes; what it held is lost if it had to grow.
  void reserve(int bytes) {
    if (memory.byteSize() < bytes) {
      long room = Math.max(FIRST_BYTES, Math.max(bytes, memory.byteSize() * 2));
      memory = Arena.ofAuto().allocate(room, Long.BYTES);
    }
  }
}
