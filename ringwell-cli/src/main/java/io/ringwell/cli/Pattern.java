package io.ringwell.cli;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Contents that tell where they belong: the eight bytes at file offset `o` are the number `o ^
/// KEY`, little-endian. A block that was read from the wrong place, torn, or never written does not
/// pass.
///
/// Offsets and lengths are multiples of eight.
final class Pattern {
  /// "RINGWELL" in ASCII.
  static final long KEY = 0x4c4c_4557_474e_4952L;

  static final int WORD_BYTES = Long.BYTES;

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Pattern() {}

  /// Writes what belongs at `offset` of a file into `memory`, from `at` on.
  static void fill(MemorySegment memory, long at, long offset, int length) {
    for (int i = 0; i < length; i += WORD_BYTES) {
      memory.set(WORD, at + i, (offset + i) ^ KEY);
    }
  }

  /// Looks at what was read from `offset` of a file.
  ///
  /// @return the first file offset whose contents are wrong, or -1
  static long firstWrong(MemorySegment memory, long at, long offset, int length) {
    long difference = 0;
    for (int i = 0; i < length; i += WORD_BYTES) {
      difference |= memory.get(WORD, at + i) ^ (offset + i) ^ KEY;
    }
    if (difference == 0) {
      return -1;
    }
    int i = 0;
    while (memory.get(WORD, at + i) == ((offset + i) ^ KEY)) {
      i += WORD_BYTES;
    }
    return offset + i;
  }

  /// The offset that the word at `at` says it belongs to.
  static long claimed(MemorySegment memory, long at) {
    return memory.get(WORD, at) ^ KEY;
  }
}
