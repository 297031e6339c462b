package io.ringwell.search;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/// Unicode's simple case folding: which code points are the same but for case.
///
/// The JDK has no folding table; `toLowerCase(toUpperCase(c))` is the same mapping, but for the two
/// letters that fold in Turkish alone (U+0130 and U+0131).
final class CaseFolding {
  /// Above every letter that has case (Unicode 16 ends with Adlam at U+1E943).
  private static final int LAST = 0x1e943;

  private static final int TURKISH_FIRST = 0x130;
  private static final int TURKISH_LAST = 0x131;

  private static final int LONG_S = 0x17f;
  private static final int KELVIN = 0x212a;

  private CaseFolding() {}

  /// Made for what is not ASCII alone: it takes some milliseconds.
  private static final class Table {
    /// Those with the same folding, where they are several, under that folding.
    static final Map<Integer, BitSet> SAME = build();
  }

  private static Map<Integer, BitSet> build() {
    Map<Integer, BitSet> same = new HashMap<>();
    for (int c = 0; c <= LAST; c++) {
      int folded = fold(c);
      if (folded != c) {
        BitSet group = same.computeIfAbsent(folded, one -> new BitSet());
        group.set(folded);
        group.set(c);
      }
    }
    return same;
  }

  private static int fold(int c) {
    return c >= TURKISH_FIRST && c <= TURKISH_LAST
        ? c
        : Character.toLowerCase(Character.toUpperCase(c));
  }

  /// Adds all that differ from `c` by case alone.
  static void addSame(int c, BitSet into) {
    if (c < 0x80) {
      addSameAscii(c, into);
      return;
    }
    BitSet group = Table.SAME.get(fold(c));
    if (group != null) {
      into.or(group);
    }
  }

  private static void addSameAscii(int c, BitSet into) {
    if (!Character.isLetter(c)) {
      return;
    }
    into.set(c);
    into.set(c ^ Needle.CASE_BIT);
    switch (c | Needle.CASE_BIT) {
      case 'k' -> into.set(KELVIN);
      case 's' -> into.set(LONG_S);
      default -> {}
    }
  }
}
