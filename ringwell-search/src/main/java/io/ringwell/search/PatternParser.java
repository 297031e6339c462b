package io.ringwell.search;

import java.util.ArrayList;
import java.util.List;

/// Translates a pattern from the syntax of Rust's `regex`, which is ripgrep's, into RE2/J's.
///
/// Different here: `(?-u)` is refused where it would match bytes that are no character. Taken
/// here and refused by ripgrep 13: a backslash before punctuation that needs none. A line is all
/// that is ever looked at, so that `^` and `\A` are its start, `$` and `\z` its end, and no set has
/// the line feed.
final class PatternParser {
  /// Deeper nesting than anybody means, and less than a thread's stack.
  private static final int MAX_DEPTH = 250;

  /// RE2/J's for one repetition.
  private static final int MAX_TIMES = 1000;

  final String pattern;
  int at;
  boolean ignoreCase;
  boolean ascii;
  boolean spaced;
  private final boolean marked;
  private int depth;

  private PatternParser(String pattern, boolean ignoreCase, boolean marked) {
    this.pattern = pattern;
    this.ignoreCase = ignoreCase;
    this.marked = marked;
  }

  /// @param marked whether for texts as [WordMarks] writes them
  /// @throws BadPatternException where it is none
  static Regex parse(String pattern, boolean ignoreCase, boolean marked) {
    PatternParser parser = new PatternParser(pattern, ignoreCase, marked);
    Regex all = parser.alternatives();
    if (parser.at < pattern.length()) {
      throw parser.bad("unopened group");
    }
    return all;
  }

  BadPatternException bad(String problem) {
    return new BadPatternException(pattern, at, problem);
  }

  boolean more() {
    return at < pattern.length();
  }

  /// The code point here, without going on.
  int peek() {
    return pattern.codePointAt(at);
  }

  int take() {
    int c = pattern.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  boolean take(String text) {
    if (pattern.startsWith(text, at)) {
      at += text.length();
      return true;
    }
    return false;
  }

  // ---- Structure -------------------------------------------------------------------------------

  private Regex alternatives() {
    if (++depth > MAX_DEPTH) {
      throw bad("groups are nested too deeply");
    }
    List<Regex> choices = new ArrayList<>();
    do {
      choices.add(sequence());
    } while (take("|"));
    depth--;
    return Regex.either(choices);
  }

  private Regex sequence() {
    List<Regex> parts = new ArrayList<>();
    while (true) {
      skipSpace();
      if (!more() || peek() == '|' || peek() == ')') {
        return Regex.sequence(parts);
      }
      parts.add(repeated(atom()));
    }
  }

  /// With `(?x)`, blanks and comments mean nothing.
  void skipSpace() {
    while (spaced && more()) {
      if (NamedSets.space().contains(peek())) {
        take();
      } else if (peek() == '#') {
        int end = pattern.indexOf('\n', at);
        at = end < 0 ? pattern.length() : end;
      } else {
        return;
      }
    }
  }

  private Regex repeated(Regex body) {
    Regex result = body;
    while (true) {
      skipSpace();
      // RE2/J takes no repetition of a repetition, nor of nothing.
      Regex one = result.grouped();
      if (take("+")) {
        result = one.repeated("+", 1, 1);
      } else if (take("*")) {
        result = one.repeated("*", 0, 1);
      } else if (take("?")) {
        result = one.repeated("?", 0, 1);
      } else if (take("{")) {
        result = counted(one);
      } else {
        return result;
      }
      // A question mark behind makes it lazy, which does not change whether a line matches.
      take("?");
    }
  }

  /// Behind the brace.
  private Regex counted(Regex one) {
    int min = number();
    int max = min;
    boolean open = false;
    if (take(",")) {
      open = more() && peek() == '}';
      max = open ? min : number();
    }
    if (!take("}")) {
      throw bad("unclosed counted repetition");
    }
    if (max < min) {
      throw bad("the repetition's bounds are the wrong way round");
    }
    List<Regex> parts = new ArrayList<>();
    add(parts, one, min, true);
    if (open) {
      parts.add(one.repeated("*", 0, 1));
    } else {
      add(parts, one, max - min, false);
    }
    return Regex.sequence(parts);
  }

  /// That often, in pieces that RE2/J takes.
  private static void add(List<Regex> parts, Regex one, int times, boolean needed) {
    for (int rest = times; rest > 0; rest -= MAX_TIMES) {
      int some = Math.min(MAX_TIMES, rest);
      int min = needed ? some : 0;
      parts.add(one.repeated("{" + min + "," + some + "}", min, some));
    }
  }

  private int number() {
    int start = at;
    while (more() && peek() >= '0' && peek() <= '9') {
      take();
    }
    if (at == start || at - start > 6) {
      throw bad("a repetition wants a number");
    }
    return Integer.parseInt(pattern.substring(start, at));
  }

  // ---- Atoms -----------------------------------------------------------------------------------

  private Regex atom() {
    int c = take();
    return switch (c) {
      case '(' -> group();
      case '[' -> set(new SetParser(this).set());
      case '.' -> set(CodePoints.NONE.not());
      case '^', '$' -> Regex.look(Character.toString(c), 0);
      case '\\' -> escape();
      case '*', '+', '?', '{' -> {
        at--;
        throw bad("nothing to repeat");
      }
      default -> set(folded(literal(c)));
    };
  }

  private Regex escape() {
    if (!more()) {
      throw bad("nothing behind the backslash");
    }
    String look =
        switch (peek()) {
          case 'A' -> "^";
          case 'z' -> "$";
          case 'b' -> "\\b";
          case 'B' -> "\\B";
          default -> null;
        };
    if (look == null) {
      return set(folded(new SetParser(this).escape()));
    }
    boolean words = look.startsWith("\\");
    take();
    return Regex.look(look, words ? ascii ? Regex.ASCII_ENDS : Regex.UNICODE_ENDS : 0);
  }

  private Regex set(CodePoints points) {
    if (ascii && !points.isAscii()) {
      throw bad("(?-u) is supported for ASCII alone, not for what matches single bytes");
    }
    return marked ? WordMarks.set(points) : Regex.set(points);
  }

  /// With all that differs by case alone, where that is ignored.
  CodePoints folded(CodePoints points) {
    return ignoreCase ? points.folded(ascii) : points;
  }

  CodePoints literal(int c) {
    if (c == '\n') {
      throw bad("the line feed is not allowed in a pattern: lines are searched one by one");
    }
    return CodePoints.of(c);
  }

  private Regex group() {
    boolean oldCase = ignoreCase;
    boolean oldAscii = ascii;
    boolean oldSpaced = spaced;
    int start = at;
    if (take("?")) {
      if (take("P<") || take("<")) {
        int end = pattern.indexOf('>', at);
        if (end <= at) {
          throw bad("a group's name is not closed");
        }
        at = end + 1;
      } else if (flags()) {
        // They hold to the end of the group around this one.
        return Regex.EMPTY;
      }
    }
    Regex body = alternatives();
    if (!take(")")) {
      at = start;
      throw bad("unclosed group");
    }
    ignoreCase = oldCase;
    ascii = oldAscii;
    spaced = oldSpaced;
    return body.grouped();
  }

  /// Reads flags.
  ///
  /// @return whether the group ended with them
  private boolean flags() {
    boolean on = true;
    while (more()) {
      switch (take()) {
        case '-' -> on = false;
        case 'i' -> ignoreCase = on;
        case 'x' -> spaced = on;
        case 'm', 's', 'U' -> {}
        case 'u' -> ascii = !on;
        case ')' -> {
          return true;
        }
        case ':' -> {
          return false;
        }
        default -> {
          at--;
          throw bad("unknown flag");
        }
      }
    }
    throw bad("unclosed group");
  }
}
