package io.ringwell.search;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the pattern of an ignore file as ripgrep 13 does, down to what is odd about that: braces
/// do not nest, what is empty between them is left out, and a `}` alone is nothing.
final class GlobParser {
  /// From here on, tokens say which braces are meant. [Glob] does not see them.
  private static final int BRACES = 1 << 20;

  /// Between the directories before and behind, any number of others.
  private static final int BETWEEN = BRACES - 1;

  private static final int END = -1;

  private final int[] text;
  private int at;
  private int previous = END;
  private int current = END;

  private final List<boolean[]> sets = new ArrayList<>();
  private final List<List<List<Integer>>> braces = new ArrayList<>();

  /// The pattern, and behind it what the braces have that are open.
  private final List<List<Integer>> open = new ArrayList<>();

  private GlobParser(String pattern) {
    this.text = pattern.codePoints().toArray();
    this.open.add(new ArrayList<>());
  }

  /// The globs that `pattern` stands for; null where it is malformed.
  static @Nullable List<Glob> parse(String pattern) {
    GlobParser parser = new GlobParser(pattern);
    return parser.parse() ? parser.globs() : null;
  }

  private int next() {
    previous = current;
    current = at < text.length ? text[at++] : END;
    return current;
  }

  private int peek() {
    return at < text.length ? text[at] : END;
  }

  private void add(int token) {
    open.getLast().add(token);
  }

  private boolean inBraces() {
    return open.size() > 1;
  }

  private boolean parse() {
    while (next() != END) {
      switch (current) {
        case '?' -> add(Glob.ANY);
        case '*' -> star();
        case '[' -> {
          if (!set()) {
            return false;
          }
        }
        case '{' -> {
          if (inBraces()) {
            return false;
          }
          open.add(new ArrayList<>());
        }
        case '}' -> closeBraces();
        case ',' -> {
          if (inBraces()) {
            open.add(new ArrayList<>());
          } else {
            add(',');
          }
        }
        case '\\' -> {
          if (next() == END) {
            return false;
          }
          literal(current);
        }
        default -> literal(current);
      }
    }
    return !inBraces();
  }

  private void literal(int point) {
    for (byte one : utf8(point)) {
      add(one & 0xff);
    }
  }

  private static byte[] utf8(int point) {
    return Character.toString(point).getBytes(StandardCharsets.UTF_8);
  }

  private void closeBraces() {
    List<List<Integer>> choices = new ArrayList<>(open.subList(1, open.size()));
    choices.removeIf(List::isEmpty);
    open.subList(1, open.size()).clear();
    add(BRACES + braces.size());
    braces.add(choices);
  }

  /// Behind a star.
  private void star() {
    int before = previous;
    if (peek() != '*') {
      add(Glob.STAR);
      return;
    }
    next();
    List<Integer> tokens = open.getLast();
    int after = peek();
    if (tokens.isEmpty()) {
      if (after == '/' || after == END) {
        add(Glob.DIRECTORIES);
        next();
      } else {
        add(Glob.STAR);
      }
      return;
    }
    boolean behindSeparator = before == '/' || (inBraces() && (before == ',' || before == '{'));
    boolean last = after == END || (inBraces() && (after == ',' || after == '}'));
    if (!behindSeparator || !(last || after == '/')) {
      add(Glob.STAR);
      return;
    }
    if (after == '/') {
      next();
    }
    int replaced = tokens.removeLast();
    boolean stays = replaced == Glob.DIRECTORIES || replaced == Glob.BELOW;
    add(stays ? replaced : last ? Glob.BELOW : BETWEEN);
  }

  /// Behind a bracket.
  private boolean set() {
    boolean not = peek() == '!' || peek() == '^';
    if (not) {
      next();
    }
    boolean[] set = new boolean[256];
    boolean first = true;
    int low = END;
    boolean range = false;
    while (next() != ']' || first) {
      if (current == END) {
        return false;
      }
      if (current == '-' && !first && !range) {
        range = true;
      } else if (range) {
        if (current < low) {
          return false;
        }
        addRange(set, low, current);
        range = false;
        low = current;
      } else {
        low = current;
        addRange(set, low, low);
      }
      first = false;
    }
    set['-'] |= range;
    if (not) {
      for (int c = 0; c < set.length; c++) {
        set[c] = !set[c];
      }
    }
    add(Glob.SET + sets.size());
    sets.add(set);
    return true;
  }

  /// As ripgrep has it, which sees bytes where it looks for ranges of characters.
  private static void addRange(boolean[] set, int low, int high) {
    byte[] from = utf8(low);
    byte[] to = utf8(high);
    for (byte one : from) {
      set[one & 0xff] = true;
    }
    for (byte one : to) {
      set[one & 0xff] = true;
    }
    if (low != high) {
      for (int c = from[from.length - 1] & 0xff; c <= (to[0] & 0xff); c++) {
        set[c] = true;
      }
    }
  }

  /// Writes the choices in braces out.
  private List<Glob> globs() {
    List<Integer> all = open.getFirst();
    if (all.equals(List.of(Glob.DIRECTORIES))) {
      return List.of(new Glob(List.of(Glob.EVERYTHING), sets));
    }
    List<List<Integer>> written = new ArrayList<>();
    written.add(new ArrayList<>());
    for (int token : all) {
      List<List<Integer>> choices =
          token >= BRACES ? braces.get(token - BRACES) : List.of(List.of(token));
      if (choices.isEmpty()) {
        continue;
      }
      List<List<Integer>> longer = new ArrayList<>();
      for (List<Integer> start : written) {
        for (List<Integer> choice : choices) {
          List<Integer> one = new ArrayList<>(start);
          for (int each : choice) {
            if (each == BETWEEN) {
              one.add((int) '/');
              one.add(Glob.DIRECTORIES);
            } else {
              one.add(each);
            }
          }
          longer.add(one);
        }
      }
      written = longer;
    }
    return written.stream().map(one -> new Glob(one, sets)).toList();
  }
}
