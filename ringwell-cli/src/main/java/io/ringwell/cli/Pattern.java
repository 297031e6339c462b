package io.ringwell.cli;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Contents that tell where they belong, as little-endian numbers of eight bytes: the first one of
/// each sector of 512 bytes is `o ^ KEY`, `o` being its offset in the file, and the others are `p ^
/// KEY`, `p` being their position in the sector. A block that was read from the wrong place, torn
/// between sectors, or never written does not pass.
///
/// Memory that was filled once is made to fit another place by writing the first number of each
/// sector: a bench measures writing, and not how fast memory is filled.
///
/// Offsets and lengths are multiples of eight.
final class Pattern {
  /// "RINGWELL" in ASCII.
  static final long KEY = 0x4c4c_4557_474e_4952L;

  static final int WORD_BYTES = Long.BYTES;

  static final int SECTOR_BYTES = 512;

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Pattern() {}

  private static long word(long offset) {
    long position = offset & (SECTOR_BYTES - 1);
    return (position == 0 ? offset : position) ^ KEY;
  }

  /// Writes what belongs at `offset` of a file into `memory`, from `at` on.
  static void fill(MemorySegment memory, long at, long offset, int length) {
    for (int i = 0; i < length; i += WORD_BYTES) {
      memory.set(WORD, at + i, word(offset + i));
    }
  }

  /// The same where the memory holds what belongs at another offset, and both are multiples of
  /// [#SECTOR_BYTES].
  static void move(MemorySegment memory, long at, long offset, int length) {
    for (int i = 0; i < length; i += SECTOR_BYTES) {
      memory.set(WORD, at + i, word(offset + i));
    }
  }

  /// Looks at what was read from `offset` of a file.
  ///
  /// @return the first file offset whose contents are wrong, or -1
  static long firstWrong(MemorySegment memory, long at, long offset, int length) {
    for (int i = 0; i < length; i += WORD_BYTES) {
      if (memory.get(WORD, at + i) != word(offset + i)) {
        return offset + i;
      }
    }
    return -1;
  }

  /// The offset that the sector which begins at `at` says it belongs to.
  static long claimed(MemorySegment memory, long at) {
    return memory.get(WORD, at) ^ KEY;
  }
}
