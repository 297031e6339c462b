package io.ringwell.search;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Translates a pattern from the syntax of Rust's `regex`, which is ripgrep's, into RE2/J's.
///
/// What that refuses in ripgrep 13 is refused. Different here: `(?-u)` is refused where it would
/// match bytes that are no character. A line is all that is ever looked at, so that `^` and `\A`
/// are its start, `$` and `\z` its end, and no set has the line feed.
final class PatternParser {
  private static final Pattern NAME = Pattern.compile("[_A-Za-z][_A-Za-z0-9.\\[\\]]*");

  /// Deeper nesting than anybody means, and less than a thread's stack.
  private static final int MAX_DEPTH = 250;

  /// RE2/J's for one repetition.
  private static final int MAX_TIMES = 1000;

  private static final int MAX_DIGITS = 6;

  final String pattern;
  int at;
  boolean ignoreCase;
  boolean ascii;
  boolean spaced;
  private final boolean marked;
  private final EscapeParser escapes = new EscapeParser(this);
  private final SetParser sets = new SetParser(this, escapes);
  private final Set<String> names = new HashSet<>();
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

  /// The code point behind the one here and blanks that mean nothing; -1 at the end.
  int next() {
    int start = at;
    take();
    skipSpace();
    int next = more() ? peek() : -1;
    at = start;
    return next;
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
      Regex atom = atom();
      if (atom != Regex.FLAGS) {
        parts.add(repeated(atom));
      }
    }
  }

  /// With `(?x)`, blanks and comments mean nothing.
  void skipSpace() {
    while (spaced && more()) {
      if (NamedSets.isSpace(peek())) {
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
      boolean counted = false;
      if (take("+")) {
        result = one.repeated("+", 1, 1);
      } else if (take("*")) {
        result = one.repeated("*", 0, 1);
      } else if (take("?")) {
        result = one.repeated("?", 0, 1);
      } else if (take("{")) {
        result = counted(one);
        counted = true;
      } else {
        return result;
      }
      // A question mark behind makes it lazy, which does not change whether a line matches.
      if (counted) {
        skipSpace();
      }
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

  /// Blanks around it mean nothing, also without `(?x)`.
  private int number() {
    skipBlanks();
    int start = at;
    while (more() && peek() >= '0' && peek() <= '9') {
      take();
    }
    if (at == start || at - start > MAX_DIGITS) {
      throw bad("a repetition wants a number, and not too large a one");
    }
    int number = Integer.parseInt(pattern.substring(start, at));
    skipBlanks();
    return number;
  }

  private void skipBlanks() {
    while (more() && NamedSets.isSpace(peek())) {
      take();
    }
  }

  // ---- Atoms -----------------------------------------------------------------------------------

  private Regex atom() {
    int c = take();
    return switch (c) {
      case '(' -> group();
      case '[' -> set(sets.set());
      case '.' -> set(CodePoints.NONE.not());
      case '^', '$' -> Regex.look(Character.toString(c), 0);
      case '\\' -> escape();
      case '*', '+', '?', '{' -> {
        at--;
        throw bad("nothing to repeat");
      }
      default -> set(folded(CodePoints.of(c)));
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
      return escaped();
    }
    boolean words = look.startsWith("\\");
    take();
    return Regex.look(look, words ? ascii ? Regex.ASCII_ENDS : Regex.UNICODE_ENDS : 0);
  }

  /// Case is ignored of a single character alone: a set that has a name was seen to.
  private Regex escaped() {
    CodePoints points = escapes.escape();
    return set(points.single() < 0 ? points : folded(points));
  }

  private Regex set(CodePoints points) {
    if (points.inLine().size() == 0) {
      throw bad("the line feed is not allowed in a pattern: lines are searched one by one");
    }
    if (ascii && !points.isAscii()) {
      throw bad("(?-u) is supported for ASCII alone, not for what matches single bytes");
    }
    return marked ? WordMarks.set(points) : Regex.set(points);
  }

  /// With all that differs by case alone, where that is ignored.
  CodePoints folded(CodePoints points) {
    return ignoreCase ? points.folded(ascii) : points;
  }

  private Regex group() {
    boolean oldCase = ignoreCase;
    boolean oldAscii = ascii;
    boolean oldSpaced = spaced;
    int start = at;
    skipSpace();
    if (take("?P<")) {
      name();
    } else if (take("?") && flags()) {
      // They hold to the end of the group around this one.
      return Regex.FLAGS;
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

  private void name() {
    int end = pattern.indexOf('>', at);
    String name = end < 0 ? "" : pattern.substring(at, end);
    if (!NAME.matcher(name).matches() || !names.add(name)) {
      throw bad("a group's name is none, or there twice");
    }
    at = end + 1;
  }

  /// Reads flags.
  ///
  /// @return whether the group ended with them
  private boolean flags() {
    int start = at;
    boolean on = true;
    while (more()) {
      int flag = take();
      boolean end = flag == ')' || flag == ':';
      boolean twice = pattern.indexOf(flag, start) < at - 1;
      boolean lacking = pattern.codePointAt(at - 1) == ')' && at - 1 == start;
      if ((!end && twice) || lacking || (end && pattern.startsWith("-", at - 2))) {
        at = start;
        throw bad("flags are there twice, or lack");
      }
      switch (flag) {
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
