package io.ringwell.search;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Single characters of UTF-8 in memory that may hold anything.
final class Utf8 {
  /// Not a character: an invalid byte, or no byte at all.
  static final int INVALID = -1;

  private static final int[] FIRST_OF_LENGTH = {0, 0, 0x80, 0x800, 0x10000};

  private Utf8() {}

  static boolean continues(byte one) {
    return (one & 0xc0) == 0x80;
  }

  /// The character that starts at `at`, or [#INVALID].
  static int decode(MemorySegment in, long at, long to) {
    if (at >= to) {
      return INVALID;
    }
    int first = in.get(ValueLayout.JAVA_BYTE, at);
    if (first >= 0) {
      return first;
    }
    int length = Integer.numberOfLeadingZeros(~first) - 24;
    if (length < 2 || length > 4 || at + length > to) {
      return INVALID;
    }
    int value = first & (0x7f >> length);
    for (int i = 1; i < length; i++) {
      byte next = in.get(ValueLayout.JAVA_BYTE, at + i);
      if (!continues(next)) {
        return INVALID;
      }
      value = (value << 6) | (next & 0x3f);
    }
    boolean valid =
        value >= FIRST_OF_LENGTH[length]
            && value <= CodePoints.MAX
            && (value < Character.MIN_SURROGATE || value > Character.MAX_SURROGATE);
    return valid ? value : INVALID;
  }

  private static int length(int c) {
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  }

  /// The character that ends at `at`, or [#INVALID].
  static int decodeBefore(MemorySegment in, long from, long at) {
    for (long start = at - 1; start >= from && start >= at - 4; start--) {
      if (!continues(in.get(ValueLayout.JAVA_BYTE, start))) {
        int c = decode(in, start, at);
        // The whole of it must end here.
        return c >= 0 && start + length(c) == at ? c : INVALID;
      }
    }
    return INVALID;
  }
}
