package io.ringwell.search;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Makes patterns of every kind that the syntax has, and, with a character put in or left out, some
/// that are none; and texts in which they match now and then.
final class RandomPattern {
  private static final List<String> CHARACTERS =
      List.of(
          ("a b k s K S \u017f \u212a \u00e4 \u00c4 \u00df \u1e9e _ - 1 \u0663 \u65e5 \u20ac"
                  + " \ud83d\ude00 e\u0301 \u03c3 \u03c2 \u03a3 \u0130 \u0131 i I foo bar \u200d"
                  + " \u01c4 \u01c5 \u01c6 \ufeff \u0085 \u2028")
              .split(" "));
  private static final List<String> MORE = List.of(" ", "\t", "\r");
  private static final List<String> CLASSES =
      List.of(
          ("\\w \\W \\d \\D \\s \\S \\pL \\PN \\p{Lu} \\P{Ll} \\p{Greek} \\p{Alphabetic}"
                  + " \\p{sc=Han} \\p{gc=Lu} \\p{White_Space} \\p{Letter} . \\x41 \\u{e4} \\t \\r")
              .split(" "));
  private static final List<String> POSIX =
      List.of(
          ("alpha upper lower word space punct digit xdigit cntrl blank graph print alnum ascii"
                  + " none")
              .split(" "));
  private static final List<String> GROUPS =
      List.of("( (?: (?i: (?s: (?m: (?U: (?x: (?-i: (?im-s:".split(" "));
  private static final List<String> TIMES =
      List.of("* + ? {2} {1,3} *? +? {0} {0,2} {2,} {2}{3} ** +* ??".split(" "));
  private static final String META = "\\.+*?()|[]{}^$#&-~";
  private static final String SYNTAX = "\\()[]{}*+?|^$-&x1,:<>Pi#nz ";

  private final Random random;

  RandomPattern(Random random) {
    this.random = random;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private String characters() {
    return pick(random.nextInt(8) == 0 ? MORE : CHARACTERS);
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder();
    text.codePoints()
        .forEach(c -> quoted.append(META.indexOf(c) >= 0 ? "\\" : "").appendCodePoint(c));
    return quoted.toString();
  }

  /// A text to look for as it stands.
  String text() {
    return characters() + (random.nextBoolean() ? characters() : "");
  }

  String pattern() {
    String pattern = random.nextInt(3) == 0 ? part(0) + part(0) : part(0);
    if (random.nextInt(5) > 0) {
      return pattern;
    }
    // Not within a pair of surrogates.
    int[] points = pattern.codePoints().toArray();
    int at = random.nextInt(points.length);
    String before = new String(points, 0, at);
    return random.nextBoolean()
        ? before
            + SYNTAX.charAt(random.nextInt(SYNTAX.length()))
            + new String(points, at, points.length - at)
        : before + new String(points, at + 1, points.length - at - 1);
  }

  private String part(int depth) {
    return switch (random.nextInt(depth > 3 ? 7 : 12)) {
      case 0, 1, 2 -> quote(characters());
      case 3 -> set(0);
      case 4 -> pick(CLASSES);
      case 5 -> pick(List.of("^", "$", "\\b", "\\B", "\\b", "(?i)"));
      case 6 -> pick(CLASSES);
      case 7, 8 -> part(depth + 1) + part(depth + 1);
      case 9 ->
          pick(GROUPS)
              + part(depth + 1)
              + (random.nextInt(3) > 0 ? "" : random.nextInt(6) == 0 ? "|" : "|" + part(depth + 1))
              + ")";
      case 10 -> "(?:" + part(depth + 1) + ")" + pick(TIMES);
      default -> part(depth + 1) + "|" + part(depth + 1);
    };
  }

  private String set(int depth) {
    return "["
        + (random.nextInt(3) == 0 ? "^" : "")
        + (random.nextInt(15) == 0 ? "]" : "")
        + items(depth)
        + (random.nextInt(12) == 0 ? "-" : "")
        + "]";
  }

  private String items(int depth) {
    StringBuilder items = new StringBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      items.append(item(depth));
    }
    return items.toString();
  }

  private String item(int depth) {
    return switch (random.nextInt(depth > 1 ? 6 : 9)) {
      case 0, 1, 2 -> quote(one());
      case 3 -> {
        int[] ends = {one().codePointAt(0), one().codePointAt(0)};
        Arrays.sort(ends);
        yield quote(Character.toString(ends[0])) + "-" + quote(Character.toString(ends[1]));
      }
      case 4 -> pick(CLASSES);
      case 5 -> "[:" + pick(POSIX) + ":]";
      case 6 -> set(depth + 1);
      case 7 -> items(depth + 1) + pick(List.of("&&", "--", "~~")) + items(depth + 1);
      default -> "-";
    };
  }

  private String one() {
    return Character.toString(characters().codePointAt(0));
  }
}
