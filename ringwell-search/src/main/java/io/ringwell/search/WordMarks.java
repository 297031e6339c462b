package io.ringwell.search;

/// Makes RE2/J's `\b` and `\B`, which know the words of ASCII alone, know those of Unicode: text
/// and pattern are written so that both mean the same.
///
/// In the text each character of a word that is not ASCII has an underscore before and behind it,
/// so that `\b` sees a word's end where one is. A true underscore is written as a surrogate between
/// two: no set of a pattern has an underscore alone, and so none takes part of what was written for
/// one character. A set takes `_x_` for each such character, and others as they are.
///
/// Between an underscore and the character that it stands by, `\b` holds where it should not. No
/// character of a pattern begins or ends there; so only what takes no character at all could match
/// there, and then it matches at the start of the word, too.
final class WordMarks {
  private static final char MARK = '_';

  /// Written for an underscore. The later half of a pair, it joins nothing that stands before it;
  /// and it is not the one that stands for invalid bytes.
  private static final char UNDERSCORE = '\udfff';

  /// More characters than this are not asked one by one.
  private static final int FEW = 1000;

  private WordMarks() {}

  /// Whether nothing is to be written otherwise.
  static boolean plain(int c) {
    return c < 0x80 ? c != MARK : !NamedSets.isWord(c);
  }

  static String mark(CharSequence text) {
    StringBuilder marked = new StringBuilder(2 * text.length());
    for (int i = 0; i < text.length(); ) {
      int c = Character.codePointAt(text, i);
      i += Character.charCount(c);
      if (plain(c)) {
        marked.appendCodePoint(c);
      } else {
        marked.append(MARK).appendCodePoint(c == MARK ? UNDERSCORE : c).append(MARK);
      }
    }
    return marked.toString();
  }

  /// One code point of a set, in a text with marks.
  static Regex set(CodePoints points) {
    CodePoints all = points.inLine();
    CodePoints words = all.size() <= FEW ? all.where(c -> !plain(c)) : all.and(written());
    CodePoints others = all.minus(words);
    if (words.contains(MARK)) {
      words = words.minus(CodePoints.of(MARK)).or(CodePoints.of(UNDERSCORE));
    }
    Regex plain = Regex.set(all);
    if (words.size() == 0) {
      return plain;
    }
    String marked = MARK + words.toString() + MARK;
    String text = others.size() == 0 ? marked : others + "|" + marked;
    return new Regex("(?:" + text + ")", plain.required(), 5, plain.ends());
  }

  private static CodePoints written() {
    return NamedSets.word().minus(CodePoints.range(0, 0x7f)).or(CodePoints.of(MARK));
  }
}
