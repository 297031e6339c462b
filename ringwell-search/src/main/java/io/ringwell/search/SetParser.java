package io.ringwell.search;

import org.jspecify.annotations.Nullable;

/// Reads what stands for one code point: an escape, or a set in brackets, with sets inside it and
/// the operators `&&`, `--` and `~~`.
final class SetParser {
  private final PatternParser in;

  SetParser(PatternParser in) {
    this.in = in;
  }

  // ---- In brackets -----------------------------------------------------------------------------

  /// A set behind its opening bracket.
  CodePoints set() {
    int start = in.at;
    boolean negated = in.take("^");
    CodePoints all = CodePoints.NONE;
    CodePoints left = null;
    int operator = 0;
    boolean first = true;
    while (true) {
      if (!in.more()) {
        in.at = start - 1;
        throw in.bad("unclosed character class");
      }
      in.skipSpace();
      if (!first && in.take("]")) {
        break;
      }
      int found = operator();
      if (found != 0) {
        left = join(left, operator, all);
        operator = found;
        all = CodePoints.NONE;
      } else {
        all = all.or(item());
      }
      first = false;
    }
    CodePoints joined = join(left, operator, all);
    // Case is seen to before the set is turned round: [^a] with (?i) has neither a nor A.
    CodePoints folded = in.folded(joined);
    return negated ? folded.not() : folded;
  }

  private int operator() {
    for (String one : new String[] {"&&", "--", "~~"}) {
      if (in.take(one)) {
        return one.charAt(0);
      }
    }
    return 0;
  }

  private static CodePoints join(@Nullable CodePoints left, int operator, CodePoints right) {
    if (left == null) {
      return right;
    }
    return switch (operator) {
      case '&' -> left.and(right);
      case '-' -> left.minus(right);
      default -> left.xor(right);
    };
  }

  private CodePoints item() {
    if (in.take("[:")) {
      int end = in.pattern.indexOf(":]", in.at);
      if (end >= 0) {
        boolean not = in.take("^");
        CodePoints posix = NamedSets.posix(in.pattern.substring(in.at, end));
        if (posix == null) {
          throw in.bad("no such character class");
        }
        in.at = end + 2;
        return not ? posix.not() : posix;
      }
      in.at -= 2;
    }
    if (in.take("[")) {
      return set();
    }
    CodePoints low = one();
    // A hyphen at the end stands for itself.
    if (low.single() < 0
        || !in.pattern.startsWith("-", in.at)
        || in.pattern.startsWith("-]", in.at)
        || in.pattern.startsWith("--", in.at)) {
      return low;
    }
    in.take();
    if (!in.more()) {
      throw in.bad("unclosed character class");
    }
    int high = one().single();
    if (high < 0 || high < low.single()) {
      throw in.bad("not a range of characters");
    }
    return CodePoints.range(low.single(), high);
  }

  private CodePoints one() {
    int c = in.take();
    return c == '\\' ? escape() : CodePoints.of(c);
  }

  // ---- Escapes ---------------------------------------------------------------------------------

  /// What stands behind a backslash.
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
      case 'p' -> property();
      case 'P' -> property().not();
      case 'a' -> CodePoints.of(7);
      case 'f' -> CodePoints.of('\f');
      case 'n' -> in.literal('\n');
      case 'r' -> CodePoints.of('\r');
      case 't' -> CodePoints.of('\t');
      case 'v' -> CodePoints.of(0xb);
      case 'x' -> in.literal(hex(2));
      case 'u' -> in.literal(hex(4));
      case 'U' -> in.literal(hex(8));
      default -> {
        if (c >= 0x80 || Character.isLetterOrDigit(c)) {
          in.at--;
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
    int end;
    int start = in.at;
    int skip = 0;
    if (in.take("{")) {
      start = in.at;
      end = in.pattern.indexOf('}', in.at);
      skip = 1;
    } else {
      end = in.at + digits;
    }
    int value = -1;
    if (end > start && end <= in.pattern.length()) {
      try {
        value = Integer.parseInt(in.pattern.substring(start, end), 16);
      } catch (NumberFormatException e) {
        value = -1;
      }
    }
    if (!Character.isValidCodePoint(value)
        || (value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE)) {
      throw in.bad("not a code point in hexadecimal digits");
    }
    in.at = end + skip;
    return value;
  }

  private CodePoints property() {
    String name;
    boolean not = false;
    if (in.take("{")) {
      not = in.take("^");
      int end = in.pattern.indexOf('}', in.at);
      if (end < 0) {
        throw in.bad("unclosed property");
      }
      name = in.pattern.substring(in.at, end);
      in.at = end + 1;
    } else if (in.more()) {
      name = Character.toString(in.take());
    } else {
      throw in.bad("a property has no name");
    }
    CodePoints set = NamedSets.property(name);
    if (set == null) {
      throw in.bad("no such property of Unicode");
    }
    return not ? set.not() : set;
  }
}
