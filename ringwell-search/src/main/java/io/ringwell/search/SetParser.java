package io.ringwell.search;

import org.jspecify.annotations.Nullable;

/// Reads a set in brackets, with sets inside it and the operators `&&`, `--` and `~~`, which are of
/// one rank and go from left to right. As Rust's `regex` has it, what is before or behind an
/// operator may be nothing; a set of nothing is refused.
final class SetParser {
  private final PatternParser in;
  private final EscapeParser escapes;

  SetParser(PatternParser in, EscapeParser escapes) {
    this.in = in;
    this.escapes = escapes;
  }

  /// A set behind its opening bracket.
  CodePoints set() {
    int start = in.at;
    CodePoints set = inBrackets();
    if (set.size() == 0) {
      in.at = start;
      throw in.bad("no character is in this set");
    }
    return set;
  }

  private CodePoints inBrackets() {
    in.skipSpace();
    boolean negated = in.take("^");
    in.skipSpace();
    CodePoints all = CodePoints.NONE;
    // At the start these stand for themselves.
    boolean first = true;
    while (in.take("-")) {
      all = CodePoints.of('-');
      first = false;
      in.skipSpace();
    }
    if (first && in.take("]")) {
      all = CodePoints.of(']');
    }
    CodePoints left = null;
    int operator = 0;
    while (true) {
      in.skipSpace();
      more();
      if (in.take("]")) {
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
    }
    // Case is seen to before the set is turned round: [^a] with (?i) has neither a nor A.
    CodePoints joined = in.folded(join(left, operator, all));
    return negated ? joined.not() : joined;
  }

  private void more() {
    if (!in.more()) {
      throw in.bad("unclosed character class");
    }
  }

  private int operator() {
    for (String one : new String[] {"&&", "--", "~~"}) {
      if (in.take(one)) {
        return one.charAt(0);
      }
    }
    return 0;
  }

  private CodePoints join(@Nullable CodePoints left, int operator, CodePoints right) {
    if (left == null) {
      return right;
    }
    CodePoints one = in.folded(left);
    CodePoints other = in.folded(right);
    return switch (operator) {
      case '&' -> one.and(other);
      case '-' -> one.minus(other);
      default -> one.xor(other);
    };
  }

  private CodePoints item() {
    if (in.take("[")) {
      CodePoints posix = posix();
      return posix == null ? inBrackets() : posix;
    }
    CodePoints low = one();
    in.skipSpace();
    more();
    if (in.peek() != '-' || in.next() == ']' || in.next() == '-') {
      return low;
    }
    in.take();
    in.skipSpace();
    more();
    CodePoints high = one();
    if (low.single() < 0 || high.single() < low.single()) {
      throw in.bad("not a range of characters");
    }
    return CodePoints.range(low.single(), high.single());
  }

  /// What `[:name:]` names; null, and nothing is taken, where this is none.
  private @Nullable CodePoints posix() {
    int start = in.at;
    if (in.take(":")) {
      boolean not = in.take("^");
      int end = in.pattern.indexOf(':', in.at);
      CodePoints named = end < 0 ? null : NamedSets.posix(in.pattern.substring(in.at, end));
      if (named != null && in.pattern.startsWith(":]", end)) {
        in.at = end + 2;
        CodePoints folded = in.folded(named);
        return not ? folded.not() : folded;
      }
    }
    in.at = start;
    return null;
  }

  private CodePoints one() {
    return in.take("\\") ? escapes.escape() : CodePoints.of(in.take());
  }
}
