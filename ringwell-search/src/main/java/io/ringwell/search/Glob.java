package io.ringwell.search;

import java.util.List;

/// A pattern of an ignore file, on the bytes of a path: `?` and `*` take no slash, `**` as a whole
/// component takes any number of them, `[…]` is one byte. [GlobParser] makes them.
final class Glob {
  // Kinds of tokens. What is less than 256 is a byte.
  static final int ANY = 256;
  static final int STAR = 257;
  static final int DIRECTORIES = 258;
  static final int BELOW = 259;
  static final int EVERYTHING = 260;
  static final int SET = 261;

  private final int[] tokens;
  private final boolean[][] sets;

  /// Whether the name alone decides, without its directories.
  private final boolean nameOnly;

  /// @param sets of bytes, by their number from [#SET] on
  Glob(List<Integer> tokens, List<boolean[]> sets) {
    this.tokens = tokens.stream().mapToInt(Integer::intValue).toArray();
    this.sets = sets.toArray(boolean[][]::new);
    this.nameOnly =
        this.tokens.length > 1 && this.tokens[0] == DIRECTORIES && isName(this.tokens, this.sets);
  }

  private static boolean isName(int[] tokens, boolean[][] sets) {
    for (int i = 1; i < tokens.length; i++) {
      int token = tokens[i];
      boolean slash = token >= SET ? sets[token - SET]['/'] : token == '/';
      if (slash || token == DIRECTORIES || token == BELOW) {
        return false;
      }
    }
    return true;
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
          at++;
        }
        case STAR -> {
          return star(token + 1, path, at, length);
        }
        case DIRECTORIES -> {
          return directories(token + 1, path, at, length);
        }
        case BELOW -> {
          return below(token + 1, path, at, length);
        }
        case EVERYTHING -> {
          return true;
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

  /// A slash, and anything behind it.
  private boolean below(int next, byte[] path, int from, int length) {
    if (from == length || path[from] != '/') {
      return false;
    }
    for (int at = from + 1; at <= length; at++) {
      if (matches(next, path, at, length)) {
        return true;
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
