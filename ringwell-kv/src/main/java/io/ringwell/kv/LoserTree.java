package io.ringwell.kv;

import org.jspecify.annotations.Nullable;

/// Which of many heads has the highest key: a tournament that remembers at each inner node who lost
/// there, so that a new head of the winner plays one match a level, log2(n) in all.
///
/// Node 1 is the root, the children of node k are 2k and 2k + 1, and head i is the leaf n + i.
final class LoserTree {
  private final @Nullable Entry[] heads;

  /// At 0 who won; at each inner node, who lost there.
  private final int[] losers;

  LoserTree(int size) {
    heads = new Entry[size];
    losers = new int[Math.max(1, size)];
  }

  /// A head, null where there is none; to be followed by [#build].
  void set(int index, @Nullable Entry head) {
    heads[index] = head;
  }

  /// Plays all matches.
  void build() {
    if (heads.length > 0) {
      losers[0] = play(1);
    }
  }

  /// The depth is log2(n).
  private int play(int node) {
    int size = heads.length;
    if (node >= size) {
      return node - size;
    }
    int a = play(2 * node);
    int b = play(2 * node + 1);
    boolean first = before(a, b);
    losers[node] = first ? b : a;
    return first ? a : b;
  }

  int winner() {
    return losers[0];
  }

  /// The winner's head; null when none is left.
  @Nullable Entry head() {
    return heads.length == 0 ? null : heads[losers[0]];
  }

  /// The winner's head is another one.
  void replace(@Nullable Entry head) {
    int winner = losers[0];
    if (heads[winner] != head) {
      heads[winner] = head;
    }
    for (int node = (winner + heads.length) >>> 1; node >= 1; node >>>= 1) {
      int loser = losers[node];
      if (before(loser, winner)) {
        losers[node] = winner;
        winner = loser;
      }
    }
    losers[0] = winner;
  }

  private boolean before(int i, int j) {
    Entry a = heads[i];
    Entry b = heads[j];
    if (a == null || b == null) {
      return b == null;
    }
    return Keys.compare(
            a.keySegment, a.keyOffset, a.keyLength, b.keySegment, b.keyOffset, b.keyLength)
        > 0;
  }
}
