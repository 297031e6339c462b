package io.ringwell.search;

import java.util.Arrays;
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

  /// Those with the same folding, ascending, under that folding.
  private static final Map<Integer, int[]> SAME = build();

  private CaseFolding() {}

  private static Map<Integer, int[]> build() {
    Map<Integer, int[]> same = new HashMap<>();
    for (int c = 0; c <= LAST; c++) {
      int folded = fold(c);
      if (folded != c) {
        int[] group = same.getOrDefault(folded, new int[] {folded});
        group = Arrays.copyOf(group, group.length + 1);
        group[group.length - 1] = c;
        same.put(folded, group);
      }
    }
    return same;
  }

  private static int fold(int c) {
    return c >= TURKISH_FIRST && c <= TURKISH_LAST
        ? c
        : Character.toLowerCase(Character.toUpperCase(c));
  }

  /// `c` and all that differ from it by case alone.
  static CodePoints close(int c) {
    int[] group = SAME.get(fold(c));
    CodePoints all = CodePoints.of(c);
    if (group != null) {
      for (int one : group) {
        all = all.or(CodePoints.of(one));
      }
    }
    return all;
  }

  /// `set` and all that differ from one of it by case alone.
  static CodePoints close(CodePoints set) {
    CodePoints all = set;
    for (Map.Entry<Integer, int[]> group : SAME.entrySet()) {
      boolean any = false;
      boolean missing = false;
      for (int one : group.getValue()) {
        boolean in = set.contains(one);
        any |= in;
        missing |= !in;
      }
      if (any && missing) {
        for (int one : group.getValue()) {
          all = all.or(CodePoints.of(one));
        }
      }
    }
    return all;
  }
}
