package io.ringwell.search;

import io.ringwell.sys.ByteScan;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Runs a pattern over many lines at once, one table look-up a byte. States are made when they are
/// first met. One thread's.
///
/// A state is the set of [Nfa] states that the bytes so far led to, before conditions are looked
/// into: whether those hold is known with the next byte, so that a match is noticed one byte behind
/// its end, at the line feed at the latest. A line feed leads back to the start of a line.
///
/// Where the pattern asks for the ends of words and a byte is not ASCII, the line is handed to
/// [LineWalk].
final class LazyDfa {
  /// More states than this, and all are forgotten: the table stays within some megabytes.
  private static final int MAX_TABLE = 1 << 20;

  private static final int UNKNOWN = -1;
  private static final int MATCHED = -2;
  private static final int ASK = -3;

  // What is known of the byte before, in a state's key behind its members.
  private static final int IN_LINE = 0;
  private static final int BEHIND_WORD = 1;
  private static final int LINE_START = 2;

  private final Nfa nfa;
  private final Closure closure;
  private final LineWalk walk;
  private final int[] stepped;

  /// The class of each byte: bytes that no state tells apart share one.
  private final byte[] classes = new byte[256];

  private final int classCount;
  private final Map<Key, Integer> known = new HashMap<>();

  /// Rows of [#classCount] entries; a state is where its row begins.
  private int[] table = new int[256];

  private Key[] keys = new Key[16];
  private int states;
  private int start;

  private static final class Key {
    private final int[] members;
    private final int before;

    Key(int[] members, int before) {
      this.members = members;
      this.before = before;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && before == key.before
          && Arrays.equals(members, key.members);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(members) + before;
    }
  }

  LazyDfa(Nfa nfa) {
    this.nfa = nfa;
    this.closure = new Closure(nfa);
    this.walk = new LineWalk(nfa);
    this.stepped = new int[nfa.size() + 1];
    this.classCount = classify();
    forget();
  }

  private int classify() {
    boolean[] begins = new boolean[257];
    begins[0] = true;
    begins['\n'] = true;
    begins['\n' + 1] = true;
    if (nfa.looksAtWords()) {
      begins[0x80] = true;
      for (int c = 1; c < 0x80; c++) {
        begins[c] |= NamedSets.isAsciiWord(c) != NamedSets.isAsciiWord(c - 1);
      }
    }
    for (int state = 0; state < nfa.size(); state++) {
      if (nfa.kind(state) == Nfa.BYTES) {
        int[] data = nfa.data(state);
        for (int edge = 0; edge < data.length; edge += 3) {
          begins[data[edge]] = true;
          begins[data[edge + 1] + 1] = true;
        }
      }
    }
    int count = -1;
    for (int value = 0; value < 256; value++) {
      count += begins[value] ? 1 : 0;
      classes[value] = (byte) count;
    }
    return count + 1;
  }

  private void forget() {
    known.clear();
    states = 0;
    start = state(new Key(new int[] {nfa.start()}, LINE_START));
  }

  private int state(Key key) {
    Integer old = known.get(key);
    if (old != null) {
      return old;
    }
    if (states == keys.length) {
      keys = Arrays.copyOf(keys, 2 * states);
    }
    int row = states * classCount;
    if (row + classCount > table.length) {
      table = Arrays.copyOf(table, 2 * (row + classCount));
    }
    Arrays.fill(table, row, row + classCount, UNKNOWN);
    keys[states++] = key;
    known.put(key, row);
    return row;
  }

  /// A position in the first line that matches, or at its line feed; -1 where none does. `from` is
  /// the start of a line, and `to` the end of one.
  long find(MemorySegment in, long from, long to) {
    int state = start;
    int[] rows = table;
    long base = in.address();
    byte[] classOf = classes;
    for (long at = from; at < to; at++) {
      int value = ByteScan.byteAt(base + at) & 0xff;
      int next = rows[state + (classOf[value] & 0xff)];
      if (next < 0) {
        if (next == UNKNOWN) {
          next = make(state, value);
          rows = table;
        }
        if (next == MATCHED) {
          return at;
        }
        if (next == ASK) {
          long lineStart = ByteFinder.last(in, (byte) '\n', from, at) + 1;
          lineStart = Math.max(lineStart, from);
          long lineEnd = ByteFinder.near(in, (byte) '\n', at, to);
          lineEnd = lineEnd < 0 ? to : lineEnd;
          if (walk.matches(in, lineStart, lineEnd)) {
            return lineStart;
          }
          if (lineEnd == to) {
            return -1;
          }
          at = lineEnd;
          next = start;
        }
      }
      state = next;
    }
    boolean open = to > from && ByteScan.byteAt(base + to - 1) != '\n';
    return open && endsWithMatch(state) ? to - 1 : -1;
  }

  /// Whether a line that ends in `state`, without a line feed, matches.
  private boolean endsWithMatch(int state) {
    Key key = keys[state / classCount];
    closure.at(key.before == LINE_START, true, key.before == BEHIND_WORD);
    for (int member : key.members) {
      closure.add(member);
    }
    return closure.matched();
  }

  /// Makes the state behind `state` and `value`, and enters it into the table.
  private int make(int state, int value) {
    Key key = keys[state / classCount];
    int next;
    if (value == '\n') {
      next = endsWithMatch(state) ? MATCHED : start;
    } else if (nfa.looksAtWords() && value >= 0x80) {
      next = ASK;
    } else {
      boolean word = NamedSets.isAsciiWord(value);
      closure.at(key.before == LINE_START, false, (key.before == BEHIND_WORD) != word);
      for (int member : key.members) {
        closure.add(member);
      }
      if (closure.matched()) {
        next = MATCHED;
      } else {
        int count = closure.step(value, stepped);
        stepped[count++] = nfa.start();
        int[] members = Arrays.stream(stepped, 0, count).sorted().distinct().toArray();
        if (table.length > MAX_TABLE) {
          table = new int[256];
          forget();
          return state(new Key(members, before(word)));
        }
        next = state(new Key(members, before(word)));
      }
    }
    table[state + (classes[value] & 0xff)] = next;
    return next;
  }

  private int before(boolean word) {
    return word && nfa.looksAtWords() ? BEHIND_WORD : IN_LINE;
  }
}
