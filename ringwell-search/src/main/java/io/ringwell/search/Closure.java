package io.ringwell.search;

import java.util.Arrays;

/// A set of states of an [Nfa], filled through what takes no byte. One thread's.
final class Closure {
  private final Nfa nfa;
  private final int[] members;
  private final int[] places;
  private int size;
  private boolean matched;

  // Where the position stands that conditions ask about.
  private boolean lineStart;
  private boolean lineEnd;
  private boolean wordEdge;

  private int[] pending = new int[16];

  Closure(Nfa nfa) {
    this.nfa = nfa;
    this.members = new int[nfa.size()];
    this.places = new int[nfa.size()];
  }

  /// Empties it for another position.
  Closure at(boolean lineStart, boolean lineEnd, boolean wordEdge) {
    size = 0;
    matched = false;
    this.lineStart = lineStart;
    this.lineEnd = lineEnd;
    this.wordEdge = wordEdge;
    return this;
  }

  /// Adds `state` and all that can be reached from it here.
  void add(int state) {
    int depth = 0;
    pending[depth++] = state;
    while (depth > 0) {
      int one = pending[--depth];
      if (contains(one)) {
        continue;
      }
      places[one] = size;
      members[size++] = one;
      int[] data = nfa.data(one);
      if (depth + data.length > pending.length) {
        pending = Arrays.copyOf(pending, 2 * (depth + data.length));
      }
      byte kind = nfa.kind(one);
      if (kind == Nfa.MATCH) {
        matched = true;
      } else if (kind != Nfa.BYTES && holds(kind)) {
        for (int next : data) {
          pending[depth++] = next;
        }
      }
    }
  }

  private boolean holds(byte kind) {
    return switch (kind) {
      case Nfa.LINE_START -> lineStart;
      case Nfa.LINE_END -> lineEnd;
      case Nfa.WORD_EDGE -> wordEdge;
      case Nfa.NOT_WORD_EDGE -> !wordEdge;
      default -> true;
    };
  }

  private boolean contains(int state) {
    int place = places[state];
    return place < size && members[place] == state;
  }

  boolean matched() {
    return matched;
  }

  /// Gives `into` the states behind `value` from those of this set; they are not closed.
  ///
  /// @return how many
  int step(int value, int[] into) {
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (nfa.kind(members[i]) == Nfa.BYTES) {
        int[] data = nfa.data(members[i]);
        for (int edge = 0; edge < data.length; edge += 3) {
          if (value >= data[edge] && value <= data[edge + 1]) {
            into[count++] = data[edge + 2];
            break;
          }
        }
      }
    }
    return count;
  }
}
