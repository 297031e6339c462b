package io.ringwell.search;

/// Reads what stands behind a backslash for one code point, in a set and elsewhere.
final class EscapeParser {
  /// What a backslash makes a character of; before other punctuation ripgrep 13 refuses it.
  private static final String META = "\\.+*?()|[]{}^$#&-~";

  private final PatternParser in;

  EscapeParser(PatternParser in) {
    this.in = in;
  }

  CodePoints escape() {
    if (!in.more()) {
      throw in.bad("nothing behind the backslash");
    }
    int c = in.take();
    return switch (c) {
      case 'd' -> named(NamedSets.digit());
      case 'D' -> named(NamedSets.digit()).not();
      case 's' -> named(NamedSets.space());
      case 'S' -> named(NamedSets.space()).not();
      case 'w' -> named(NamedSets.word());
      case 'W' -> named(NamedSets.word()).not();
      case 'p' -> property(false);
      case 'P' -> property(true);
      case 'a' -> CodePoints.of(7);
      case 'f' -> CodePoints.of('\f');
      case 'n' -> CodePoints.of('\n');
      case 'r' -> CodePoints.of('\r');
      case 't' -> CodePoints.of('\t');
      case 'v' -> CodePoints.of(0xb);
      case 'x' -> CodePoints.of(hex(2));
      case 'u' -> CodePoints.of(hex(4));
      case 'U' -> CodePoints.of(hex(8));
      default -> {
        if (META.indexOf(c) < 0 && !(c == ' ' && in.spaced)) {
          in.at -= Character.charCount(c);
          throw in.bad("unknown escape");
        }
        yield CodePoints.of(c);
      }
    };
  }

  private CodePoints named(CodePoints set) {
    return in.ascii ? set.and(CodePoints.range(0, 0x7f)) : set;
  }

  private int hex(int digits) {
    int start = in.at;
    in.skipSpace();
    boolean braces = in.take("{");
    StringBuilder text = new StringBuilder();
    while (braces || text.length() < digits) {
      in.skipSpace();
      if (!in.more()) {
        throw in.bad("an unfinished escape");
      }
      if (braces && in.take("}")) {
        break;
      }
      int digit = in.take();
      if (digit >= 0x80 || Character.digit(digit, 16) < 0) {
        in.at = start;
        throw in.bad("not hexadecimal digits");
      }
      text.appendCodePoint(digit);
    }
    in.skipSpace();
    int value = -1;
    try {
      value = Integer.parseInt(text.toString(), 16);
    } catch (NumberFormatException e) {
      // None, or too many.
      value = -1;
    }
    if (!Character.isValidCodePoint(value)
        || (value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE)) {
      in.at = start;
      throw in.bad("not a code point in hexadecimal digits");
    }
    return value;
  }

  private CodePoints property(boolean negated) {
    int start = in.at;
    StringBuilder name = new StringBuilder();
    in.skipSpace();
    if (in.take("{")) {
      in.skipSpace();
      while (!in.take("}")) {
        if (!in.more()) {
          in.at = start;
          throw in.bad("unclosed property");
        }
        name.appendCodePoint(in.take());
        in.skipSpace();
      }
    } else if (in.more()) {
      name.appendCodePoint(in.take());
      in.skipSpace();
    } else {
      throw in.bad("a property has no name");
    }
    CodePoints set = Properties.of(name.toString());
    if (set == null || in.ascii) {
      in.at = start;
      throw in.bad("no such property of Unicode");
    }
    CodePoints folded = in.folded(set);
    CodePoints meant = negated ? folded.not() : folded;
    if (meant.size() == 0) {
      in.at = start;
      throw in.bad("no character has this property");
    }
    return meant;
  }
}
