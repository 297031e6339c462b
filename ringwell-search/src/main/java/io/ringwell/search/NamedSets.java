package io.ringwell.search;

import org.jspecify.annotations.Nullable;

/// The sets of code points that patterns name: `\w`, `[:alpha:]`. Those with [Properties] are
/// there.
///
/// Unicode's tables are the JDK's, one set by one, made when it is first named.
final class NamedSets {
  private NamedSets() {}

  private static final class Digit {
    static final CodePoints SET =
        CodePoints.all(c -> Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER);
  }

  private static final class Word {
    static final CodePoints SET = CodePoints.all(NamedSets::isWord);
  }

  private static final class Space {
    static final CodePoints SET = CodePoints.all(NamedSets::isSpace);
  }

  static CodePoints digit() {
    return Digit.SET;
  }

  static CodePoints word() {
    return Word.SET;
  }

  static CodePoints space() {
    return Space.SET;
  }

  static boolean isSpace(int c) {
    return Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == 0x85;
  }

  /// As Unicode's technical standard 18, annex C, has `\w`.
  static boolean isWord(int c) {
    if (c < 0x80) {
      return isAsciiWord(c);
    }
    return Character.isAlphabetic(c)
        || switch (Character.getType(c)) {
          case Character.NON_SPACING_MARK,
              Character.ENCLOSING_MARK,
              Character.COMBINING_SPACING_MARK,
              Character.DECIMAL_DIGIT_NUMBER,
              Character.CONNECTOR_PUNCTUATION ->
              true;
          default -> c == 0x200c || c == 0x200d;
        };
  }

  static boolean isAsciiWord(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  /// A class of POSIX, in ASCII; null where there is none of that name.
  static @Nullable CodePoints posix(String name) {
    CodePoints lower = CodePoints.range('a', 'z');
    CodePoints upper = CodePoints.range('A', 'Z');
    CodePoints digits = CodePoints.range('0', '9');
    CodePoints alnum = lower.or(upper).or(digits);
    return switch (name) {
      case "alnum" -> alnum;
      case "alpha" -> lower.or(upper);
      case "ascii" -> CodePoints.range(0, 0x7f);
      case "blank" -> CodePoints.of(' ').or(CodePoints.of('\t'));
      case "cntrl" -> CodePoints.range(0, 0x1f).or(CodePoints.of(0x7f));
      case "digit" -> digits;
      case "graph" -> CodePoints.range('!', '~');
      case "lower" -> lower;
      case "print" -> CodePoints.range(' ', '~');
      case "punct" -> CodePoints.range('!', '~').minus(alnum);
      case "space" -> CodePoints.range('\t', '\r').or(CodePoints.of(' '));
      case "upper" -> upper;
      case "word" -> alnum.or(CodePoints.of('_'));
      case "xdigit" -> digits.or(CodePoints.range('a', 'f')).or(CodePoints.range('A', 'F'));
      default -> null;
    };
  }
}
