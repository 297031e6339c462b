package io.ringwell.search;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A pattern of an ignore file, on the bytes of a path: `?`, `*` and `[…]` take no slash, `**` as a
/// whole component takes any number of them, a backslash takes the meaning away.
///
/// Braces are ripgrep's addition to git's syntax; what has them becomes several globs.
final class Glob {
  // Kinds of tokens. What is less than 256 is a byte.
  private static final int ANY = 256;
  private static final int STAR = 257;
  private static final int DIRECTORIES = 258;
  private static final int BELOW = 259;
  private static final int SET = 260;

  private final int[] tokens;
  private final boolean[][] sets;

  /// Whether the name alone decides, without its directories.
  private final boolean nameOnly;

  private Glob(int[] tokens, boolean[][] sets) {
    this.nameOnly = tokens.length > 0 && tokens[0] == DIRECTORIES && isName(tokens);
    this.tokens = tokens;
    this.sets = sets;
  }

  private static boolean isName(int[] tokens) {
    for (int i = 1; i < tokens.length; i++) {
      if (tokens[i] == '/' || tokens[i] == DIRECTORIES || tokens[i] == BELOW) {
        return false;
      }
    }
    return true;
  }

  /// The globs that `pattern` stands for; null where it is malformed.
  static @Nullable List<Glob> parse(String pattern) {
    List<Glob> globs = new ArrayList<>();
    List<String> plain = new ArrayList<>();
    if (!expand(pattern, plain)) {
      return null;
    }
    for (String one : plain) {
      Glob glob = new Parser(one.getBytes(StandardCharsets.UTF_8)).parse();
      if (glob == null) {
        return null;
      }
      globs.add(glob);
    }
    return globs;
  }

  /// Writes the choices in braces out.
  private static boolean expand(String pattern, List<String> into) {
    int depth = 0;
    int open = -1;
    List<Integer> cuts = new ArrayList<>();
    boolean inSet = false;
    for (int i = 0; i < pattern.length(); i++) {
      switch (pattern.charAt(i)) {
        case '\\' -> i++;
        case '[' -> inSet |= pattern.indexOf(']', i + 2) > 0;
        case ']' -> inSet = false;
        case '{' -> {
          if (!inSet && depth++ == 0) {
            open = i;
          }
        }
        case ',' -> {
          if (!inSet && depth == 1) {
            cuts.add(i);
          }
        }
        case '}' -> {
          if (inSet) {
            continue;
          }
          if (--depth < 0) {
            return false;
          }
          if (depth == 0) {
            cuts.add(i);
            int from = open + 1;
            for (int cut : cuts) {
              String choice = pattern.substring(from, cut);
              if (!expand(pattern.substring(0, open) + choice + pattern.substring(i + 1), into)) {
                return false;
              }
              from = cut + 1;
            }
            return true;
          }
        }
        default -> {}
      }
    }
    into.add(pattern);
    return depth == 0;
  }

  private static final class Parser {
    private final byte[] text;
    private final List<Integer> tokens = new ArrayList<>();
    private final List<boolean[]> sets = new ArrayList<>();
    private int at;

    Parser(byte[] text) {
      this.text = text;
    }

    @Nullable Glob parse() {
      while (at < text.length) {
        byte c = text[at++];
        switch (c) {
          case '?' -> tokens.add(ANY);
          case '*' -> star();
          case '[' -> {
            if (!set()) {
              return null;
            }
          }
          case '\\' -> {
            if (at == text.length) {
              return null;
            }
            tokens.add(text[at++] & 0xff);
          }
          default -> tokens.add(c & 0xff);
        }
      }
      return new Glob(
          tokens.stream().mapToInt(Integer::intValue).toArray(), sets.toArray(boolean[][]::new));
    }

    /// Behind a star.
    private void star() {
      boolean startsComponent = at == 1 || text[at - 2] == '/';
      boolean two = at < text.length && text[at] == '*';
      if (two && startsComponent && (at + 1 == text.length || text[at + 1] == '/')) {
        at++;
        if (at < text.length) {
          at++;
          tokens.add(DIRECTORIES);
        } else {
          tokens.add(BELOW);
        }
      } else {
        tokens.add(STAR);
      }
    }

    /// Behind a bracket.
    private boolean set() {
      boolean not = at < text.length && (text[at] == '!' || text[at] == '^');
      at += not ? 1 : 0;
      boolean[] set = new boolean[256];
      boolean first = true;
      while (true) {
        if (at >= text.length) {
          return false;
        }
        int low = text[at++] & 0xff;
        if (low == ']' && !first) {
          break;
        }
        first = false;
        int high = low;
        if (at + 1 < text.length && text[at] == '-' && text[at + 1] != ']') {
          high = text[at + 1] & 0xff;
          at += 2;
          if (high < low) {
            return false;
          }
        }
        for (int c = low; c <= high; c++) {
          set[c] = true;
        }
      }
      if (not) {
        for (int c = 0; c < set.length; c++) {
          set[c] = !set[c];
        }
      }
      set['/'] = false;
      tokens.add(SET + sets.size());
      sets.add(set);
      return true;
    }
  }

  /// Whether the path in `path` from `from` on is one of those meant.
  boolean matches(byte[] path, int from, int length) {
    if (nameOnly) {
      int name = length;
      while (name > from && path[name - 1] != '/') {
        name--;
      }
      return matches(1, path, name, length);
    }
    return matches(0, path, from, length);
  }

  private boolean matches(int firstToken, byte[] path, int from, int length) {
    int at = from;
    for (int token = firstToken; token < tokens.length; token++) {
      switch (tokens[token]) {
        case ANY -> {
          if (at == length || path[at] == '/') {
            return false;
          }
          // One character, whatever its bytes.
          at++;
          while (at < length && Utf8.continues(path[at])) {
            at++;
          }
        }
        case STAR -> {
          return star(token + 1, path, at, length);
        }
        case DIRECTORIES -> {
          return directories(token + 1, path, at, length);
        }
        case BELOW -> {
          return token == 0 || at < length;
        }
        default -> {
          if (at == length || !takes(tokens[token], path[at] & 0xff)) {
            return false;
          }
          at++;
        }
      }
    }
    return at == length;
  }

  private boolean takes(int token, int value) {
    return token >= SET ? sets[token - SET][value] : token == value;
  }

  private boolean star(int next, byte[] path, int from, int length) {
    if (next == tokens.length) {
      for (int at = from; at < length; at++) {
        if (path[at] == '/') {
          return false;
        }
      }
      return true;
    }
    int byteAfter = tokens[next] < 256 ? tokens[next] : -1;
    for (int at = from; at <= length; at++) {
      boolean possible = byteAfter < 0 || (at < length && (path[at] & 0xff) == byteAfter);
      if (possible && matches(next, path, at, length)) {
        return true;
      }
      if (at < length && path[at] == '/') {
        return false;
      }
    }
    return false;
  }

  /// Any number of whole components, none among them.
  private boolean directories(int next, byte[] path, int from, int length) {
    if (matches(next, path, from, length)) {
      return true;
    }
    for (int at = from; at < length; at++) {
      if (path[at] == '/' && matches(next, path, at + 1, length)) {
        return true;
      }
    }
    return false;
  }
}
