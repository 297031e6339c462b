package io.ringwell.kv;

import org.jspecify.annotations.Nullable;

/// Which of many heads comes first, forwards: a [LoserTree] that hardly ever compares keys.
///
/// Each head has a code: how many bytes it shares with the key that was passed last, and the byte
/// behind them (offset-value coding, as in merges of sorted files since the 1970s). All keys at
/// play are behind the one passed, so that of two the one that shares more with it comes first, and
/// of those that share as much the one whose next byte is smaller: one comparison of two numbers.
/// Only heads of the same code are compared, from there on. A loser's code holds for who beat it,
/// too, unless they had the same; then it is made anew. Thus the code of a head that wins tells
/// whether its key is the one passed last.
///
/// | code | means |
/// |---|---|
/// | 0 | the key that was passed last |
/// | (2^31 - 1 - shared) * 512 + next byte + 1, or + 0 if there is none | any other |
/// | the largest | no head |
final class CodedTree {
  private static final long SAME = 0;
  private static final long NONE = Long.MAX_VALUE;
  private static final int VALUE_BITS = 9;

  private final @Nullable Entry[] heads;
  private final long[] codes;

  /// At 0 who won; at each inner node, who lost there. The form is that of [LoserTree].
  private final int[] losers;

  /// The key that was passed last.
  private final KeyBuffer last;

  CodedTree(int size, KeyBuffer last) {
    heads = new Entry[size];
    codes = new long[Math.max(1, size)];
    losers = new int[Math.max(1, size)];
    codes[0] = NONE;
    this.last = last;
  }

  /// A head, null where there is none; to be followed by [#build].
  void set(int index, @Nullable Entry head) {
    heads[index] = head;
    // Before the first key of all.
    codes[index] = head == null ? NONE : code(head, 0);
  }

  /// Plays all matches.
  void build() {
    if (heads.length > 0) {
      losers[0] = play(1);
    }
  }

  private int play(int node) {
    int size = heads.length;
    if (node >= size) {
      return node - size;
    }
    int a = play(2 * node);
    int b = play(2 * node + 1);
    boolean first = codes[a] < codes[b] || (codes[a] == codes[b] && before(a, b));
    losers[node] = first ? b : a;
    return first ? a : b;
  }

  int winner() {
    return losers[0];
  }

  /// The winner's head; null when none is left.
  @Nullable Entry head() {
    int winner = losers[0];
    return codes[winner] == NONE ? null : heads[winner];
  }

  /// Whether the winner's key is the one that was passed last. Not after [#build], when none was.
  boolean isSame() {
    return codes[losers[0]] == SAME;
  }

  /// The winner's head was passed, its key is in the buffer, and the next one is `head`.
  void replace(@Nullable Entry head) {
    int winner = losers[0];
    if (heads[winner] != head) {
      heads[winner] = head;
    }
    long code = head == null ? NONE : codeBehindLast(head);
    codes[winner] = code;
    for (int node = (winner + heads.length) >>> 1; node >= 1; node >>>= 1) {
      int loser = losers[node];
      long other = codes[loser];
      if (other < code || (other == code && before(loser, winner))) {
        losers[node] = winner;
        winner = loser;
        code = other;
      }
    }
    losers[0] = winner;
  }

  private long codeBehindLast(Entry head) {
    int shared =
        Keys.shared(
            last.segment(), 0, last.length(), head.keySegment, head.keyOffset, head.keyLength, 0);
    return shared == head.keyLength && shared == last.length() ? SAME : code(head, shared);
  }

  private static long code(Entry head, int shared) {
    long code = (long) (Integer.MAX_VALUE - shared) << VALUE_BITS;
    return shared < head.keyLength
        ? code + 1 + Keys.at(head.keySegment, head.keyOffset + shared)
        : code;
  }

  /// Of two of the same code: compares them from there on, and gives the loser a code behind the
  /// winner.
  private boolean before(int i, int j) {
    Entry a = heads[i];
    Entry b = heads[j];
    if (a == null || b == null) {
      return b == null;
    }
    long code = codes[i];
    int known =
        code == SAME
            ? a.keyLength
            : Math.min(
                Integer.MAX_VALUE - (int) (code >>> VALUE_BITS) + 1,
                Math.min(a.keyLength, b.keyLength));
    int shared =
        Keys.shared(
            a.keySegment, a.keyOffset, a.keyLength, b.keySegment, b.keyOffset, b.keyLength, known);
    if (shared == a.keyLength && shared == b.keyLength) {
      boolean first = a.sequence != b.sequence ? a.sequence > b.sequence : i < j;
      codes[first ? j : i] = SAME;
      return first;
    }
    boolean first =
        shared == a.keyLength
            || (shared < b.keyLength
                && Keys.at(a.keySegment, a.keyOffset + shared)
                    < Keys.at(b.keySegment, b.keyOffset + shared));
    if (first) {
      codes[j] = code(b, shared);
    } else {
      codes[i] = code(a, shared);
    }
    return first;
  }
}
