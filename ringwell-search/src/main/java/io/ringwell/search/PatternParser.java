package io.ringwell.search;

import io.ringwell.search.Node.Condition;
import java.util.ArrayList;
import java.util.List;

/// Reads a pattern in the syntax of Rust's `regex`, which is ripgrep's.
///
/// Missing here: `(?-u)`, which turns Unicode off. Taken here and refused by ripgrep 13: a
/// backslash before punctuation that needs none. A line is all that is ever looked at, so that `^`
/// and `\A` are its start, `$` and `\z` its end, and no set has the line feed.
final class PatternParser {
  /// Deeper nesting than anybody means, and less than a thread's stack.
  private static final int MAX_DEPTH = 250;

  final String pattern;
  int at;
  boolean ignoreCase;
  boolean spaced;
  private int depth;

  private PatternParser(String pattern, boolean ignoreCase) {
    this.pattern = pattern;
    this.ignoreCase = ignoreCase;
  }

  /// @throws BadPatternException where it is none
  static Node parse(String pattern, boolean ignoreCase) {
    PatternParser parser = new PatternParser(pattern, ignoreCase);
    Node all = parser.alternatives();
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

  private Node alternatives() {
    if (++depth > MAX_DEPTH) {
      throw bad("groups are nested too deeply");
    }
    List<Node> choices = new ArrayList<>();
    do {
      choices.add(sequence());
    } while (take("|"));
    depth--;
    return choices.size() == 1 ? choices.getFirst() : new Node.Either(choices);
  }

  private Node sequence() {
    List<Node> parts = new ArrayList<>();
    while (true) {
      skipSpace();
      if (!more() || peek() == '|' || peek() == ')') {
        return parts.size() == 1 ? parts.getFirst() : new Node.Concat(parts);
      }
      Node part = repeated(atom());
      parts.add(part);
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

  private Node repeated(Node body) {
    Node result = body;
    while (true) {
      skipSpace();
      if (!more()) {
        return result;
      }
      int min;
      int max;
      switch (peek()) {
        case '*' -> {
          min = 0;
          max = -1;
          take();
        }
        case '+' -> {
          min = 1;
          max = -1;
          take();
        }
        case '?' -> {
          min = 0;
          max = 1;
          take();
        }
        case '{' -> {
          take();
          min = number();
          max = min;
          if (take(",")) {
            max = more() && peek() == '}' ? -1 : number();
          }
          if (!take("}")) {
            throw bad("unclosed counted repetition");
          }
          if (max >= 0 && max < min) {
            throw bad("the repetition's bounds are the wrong way round");
          }
        }
        default -> {
          return result;
        }
      }
      // A question mark behind makes it lazy, which does not change whether a line matches.
      take("?");
      result = new Node.Repeat(result, min, max);
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

  private Node atom() {
    int c = take();
    return switch (c) {
      case '(' -> group();
      case '[' -> set(new SetParser(this).set());
      case '.' -> new Node.Set(SetParser.ALL);
      case '^' -> new Node.Look(Condition.LINE_START);
      case '$' -> new Node.Look(Condition.LINE_END);
      case '\\' -> escape();
      case '*', '+', '?', '{' -> {
        at--;
        throw bad("nothing to repeat");
      }
      default -> set(literal(c));
    };
  }

  private Node escape() {
    if (!more()) {
      throw bad("nothing behind the backslash");
    }
    Condition condition =
        switch (peek()) {
          case 'A' -> Condition.LINE_START;
          case 'z' -> Condition.LINE_END;
          case 'b' -> Condition.WORD_EDGE;
          case 'B' -> Condition.NOT_WORD_EDGE;
          default -> null;
        };
    if (condition == null) {
      return set(new SetParser(this).escape());
    }
    take();
    return new Node.Look(condition);
  }

  /// With case and line feeds seen to.
  private Node set(CodePoints points) {
    CodePoints folded = ignoreCase ? CaseFolding.close(points) : points;
    return new Node.Set(folded.minus(SetParser.LINE_FEED));
  }

  CodePoints literal(int c) {
    if (c == '\n') {
      throw bad("the line feed is not allowed in a pattern: lines are searched one by one");
    }
    return CodePoints.of(c);
  }

  private Node group() {
    boolean oldCase = ignoreCase;

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
        return new Node.Empty();
      }
    }
    Node body = alternatives();
    if (!take(")")) {
      at = start;
      throw bad("unclosed group");
    }
    ignoreCase = oldCase;

    spaced = oldSpaced;
    return body;
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
        case 'u' -> {
          if (!on) {
            throw bad("patterns without Unicode are not supported");
          }
        }
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
