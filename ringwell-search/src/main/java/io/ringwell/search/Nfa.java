package io.ringwell.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A pattern as states over bytes of UTF-8. Immutable once made; any number of threads walk it.
///
/// | state | has |
/// |---|---|
/// | BYTES | ranges of bytes, each with the state behind it: `low, high, next, …` in [#data] |
/// | SPLIT | states that are entered all at once |
/// | LINE_START, LINE_END, WORD_EDGE, NOT_WORD_EDGE | the state behind, if the condition holds |
/// | MATCH | nothing |
final class Nfa {
  static final byte BYTES = 0;
  static final byte SPLIT = 1;
  static final byte LINE_START = 2;
  static final byte LINE_END = 3;
  static final byte WORD_EDGE = 4;
  static final byte NOT_WORD_EDGE = 5;
  static final byte MATCH = 6;

  /// A pattern with more states is refused: it would take too long and too much memory.
  private static final int MAX_STATES = 200_000;

  // First and last code points of UTF-8's four lengths, and the bits that mark a first byte.
  private static final int[] LENGTH_FIRST = {0, 0x80, 0x800, 0x10000};
  private static final int[] LENGTH_LAST = {0x7f, 0x7ff, 0xffff, CodePoints.MAX};
  private static final int[] LENGTH_MARK = {0, 0xc0, 0xe0, 0xf0};
  private static final CodePoints SURROGATES =
      CodePoints.range(Character.MIN_SURROGATE, Character.MAX_SURROGATE);

  private byte[] kinds = new byte[64];
  private int[][] data = new int[64][];
  private int count;
  private boolean looksAtWords;
  private final int start;

  /// States of bytes that are the same are one, so that sets of thousands of ranges stay small.
  private final Map<List<Integer>, Integer> interned = new HashMap<>();

  Nfa(Node pattern) {
    int match = add(MATCH, new int[0]);
    start = compile(pattern, match);
    interned.clear();
  }

  int start() {
    return start;
  }

  int size() {
    return count;
  }

  byte kind(int state) {
    return kinds[state];
  }

  int[] data(int state) {
    return data[state];
  }

  /// Whether a condition asks for the ends of words.
  boolean looksAtWords() {
    return looksAtWords;
  }

  private int add(byte kind, int[] about) {
    if (count == MAX_STATES) {
      throw new BadPatternException("the pattern is too large");
    }
    if (count == kinds.length) {
      kinds = Arrays.copyOf(kinds, 2 * count);
      data = Arrays.copyOf(data, 2 * count);
    }
    looksAtWords |= kind == WORD_EDGE || kind == NOT_WORD_EDGE;
    kinds[count] = kind;
    data[count] = about;
    return count++;
  }

  /// The state that matches `node` and goes on with `next`.
  private int compile(Node node, int next) {
    return switch (node) {
      case Node.Empty() -> next;
      case Node.Set(var points) -> set(points, next);
      case Node.Look(var condition) ->
          add(
              switch (condition) {
                case LINE_START -> LINE_START;
                case LINE_END -> LINE_END;
                case WORD_EDGE -> WORD_EDGE;
                case NOT_WORD_EDGE -> NOT_WORD_EDGE;
              },
              new int[] {next});
      case Node.Concat(var parts) -> {
        int state = next;
        for (Node part : parts.reversed()) {
          state = compile(part, state);
        }
        yield state;
      }
      case Node.Either(var choices) ->
          add(SPLIT, choices.stream().mapToInt(choice -> compile(choice, next)).toArray());
      case Node.Repeat repeat -> repeat(repeat, next);
    };
  }

  private int repeat(Node.Repeat repeat, int next) {
    int state = next;
    if (repeat.max() < 0) {
      state = add(SPLIT, new int[] {next});
      int body = compile(repeat.body(), state);
      // Not in one statement with the line above, which may replace the array.
      data[state] = new int[] {body, next};
    } else {
      for (int i = repeat.min(); i < repeat.max(); i++) {
        state = add(SPLIT, new int[] {compile(repeat.body(), state), next});
      }
    }
    for (int i = 0; i < repeat.min(); i++) {
      state = compile(repeat.body(), state);
    }
    return state;
  }

  // ---- Sets of code points as trees of bytes
  // ------------------------------------------------------

  private int set(CodePoints points, int next) {
    CodePoints valid = points.minus(SURROGATES);
    List<Integer> edges = new ArrayList<>();
    for (int length = 0; length < LENGTH_FIRST.length; length++) {
      List<int[]> ranges = new ArrayList<>();
      for (int i = 0; i < valid.ranges(); i++) {
        int low = Math.max(valid.low(i), LENGTH_FIRST[length]);
        int high = Math.min(valid.high(i), LENGTH_LAST[length]);
        if (low <= high) {
          ranges.add(new int[] {low, high});
        }
      }
      level(edges, ranges, 6 * length, LENGTH_MARK[length], next);
    }
    return intern(edges);
  }

  /// Adds the edges for the topmost bits of `ranges`, above `shift`, with the trees behind them.
  private void level(List<Integer> edges, List<int[]> ranges, int shift, int mark, int next) {
    if (shift == 0) {
      for (int[] range : ranges) {
        edge(edges, mark | range[0], mark | range[1], next);
      }
      return;
    }
    int mask = (1 << shift) - 1;
    int at = 0;
    int top = -1;
    List<int[]> below = new ArrayList<>();
    while (at < ranges.size()) {
      int[] range = ranges.get(at);
      for (int value = range[0] >> shift; value <= range[1] >> shift; value++) {
        if (value != top) {
          flush(edges, below, shift, mark, top, next);
          top = value;
        }
        int low = value == range[0] >> shift ? range[0] & mask : 0;
        int high = value == range[1] >> shift ? range[1] & mask : mask;
        below.add(new int[] {low, high});
      }
      at++;
    }
    flush(edges, below, shift, mark, top, next);
  }

  private void flush(
      List<Integer> edges, List<int[]> below, int shift, int mark, int top, int next) {
    if (!below.isEmpty()) {
      List<Integer> inner = new ArrayList<>();
      level(inner, below, shift - 6, 0x80, next);
      edge(edges, mark | top, mark | top, intern(inner));
      below.clear();
    }
  }

  private static void edge(List<Integer> edges, int low, int high, int next) {
    int last = edges.size() - 3;
    if (last >= 0 && edges.get(last + 1) == low - 1 && edges.get(last + 2) == next) {
      edges.set(last + 1, high);
    } else {
      edges.add(low);
      edges.add(high);
      edges.add(next);
    }
  }

  private int intern(List<Integer> edges) {
    Integer known = interned.get(edges);
    if (known == null) {
      known = add(BYTES, edges.stream().mapToInt(Integer::intValue).toArray());
      interned.put(List.copyOf(edges), known);
    }
    return known;
  }
}
