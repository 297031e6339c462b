package io.ringwell.kv;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A copy of a key, in off-heap memory that grows as needed and is reused. The collector frees it,
/// so that no close can take it from under a reader.
final class KeyBuffer {
  private static final int FIRST_BYTES = 64;
  private static final int WORDS_BYTES = 64;
  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;

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
    if (bytes >= Long.BYTES && bytes <= WORDS_BYTES) {
      copyWords(key, offset, bytes);
    } else {
      MemorySegment.copy(key, offset, memory, 0, bytes);
    }
    length = bytes;
  }

  /// A copy of a few words costs less than the call of one of any length.
  private void copyWords(MemorySegment key, long offset, int bytes) {
    int last = bytes - Long.BYTES;
    for (int at = 0; at < last; at += Long.BYTES) {
      memory.set(WORD, at, key.get(WORD, offset + at));
    }
    memory.set(WORD, last, key.get(WORD, offset + last));
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
