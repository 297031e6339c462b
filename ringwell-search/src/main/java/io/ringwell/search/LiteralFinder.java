package io.ringwell.search;

import static io.ringwell.search.ByteFinder.WORD;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/// Finds the first of a few needles in native memory.
///
/// A needle's rarest byte is looked for, in both cases where case is ignored, and what stands
/// around it compared. Where that byte turns out to be common, which a table of ordinary text
/// cannot know, the two rarest are looked for together, eight positions at a time.
///
/// Remembers how far it has looked for each needle, so that asking for the next costs no second
/// look. Used by one thread.
abstract sealed class LiteralFinder {
  static final long NONE = -1;

  /// Looked at in one step, before candidates that come too often are noticed.
  private static final int ENOUGH_CANDIDATES = 64;

  /// Fewer bytes than this for each candidate, and pairs are faster.
  private static final int PAIR_BYTES = 128;

  static LiteralFinder of(List<Needle> needles) {
    return needles.size() == 1 ? new One(needles.getFirst()) : new Several(needles);
  }

  /// The start of the first needle that lies in `from` to `to`, or [#NONE].
  abstract long find(MemorySegment in, long from, long to);

  /// Forgets how far it has looked: the memory's content is another.
  abstract void restart();

  /// One needle.
  static final class One extends LiteralFinder {
    private final Needle needle;
    private final byte[] bytes;
    private final byte[] fold;
    private final int rare;
    private final int second;
    private boolean pairs;
    private long candidates;
    private long looked;

    // Where the rare byte comes next, in each of its cases; -1 where that is not known.
    private long nextLower = -1;
    private long nextUpper = -1;

    One(Needle needle) {
      this.needle = needle;
      this.bytes = needle.bytes();
      this.fold = needle.fold();
      this.rare = needle.rarest(-1);
      this.second = needle.rarest(rare);
      this.pairs = !ByteFinder.libc();
    }

    @Override
    void restart() {
      nextLower = -1;
      nextUpper = -1;
    }

    @Override
    long find(MemorySegment in, long from, long to) {
      if (to - from < bytes.length) {
        return NONE;
      }
      return pairs ? byPairs(in, from, to) : byRarest(in, from, to);
    }

    private long byRarest(MemorySegment in, long from, long to) {
      // The rare byte lies so far into the needle, and so many bytes of it follow.
      long at = from + rare;
      long end = to - (bytes.length - 1 - rare);
      long start = at;
      while (at < end) {
        long found = nextRare(in, at, end);
        if (found >= end) {
          looked += end - start;
          return NONE;
        }
        if (matches(in, found - rare)) {
          looked += found - start;
          return found - rare;
        }
        at = found + 1;
        if (++candidates >= ENOUGH_CANDIDATES) {
          looked += at - start;
          start = at;
          if (looked < candidates * PAIR_BYTES && rare != second) {
            pairs = true;
            return byPairs(in, at - rare, to);
          }
          candidates = 0;
          looked = 0;
        }
      }
      return NONE;
    }

    private long nextRare(MemorySegment in, long at, long end) {
      if (nextLower < at) {
        nextLower = or(ByteFinder.first(in, bytes[rare], at, end), end);
      }
      if (!needle.folds(rare)) {
        return nextLower;
      }
      if (nextUpper < at) {
        nextUpper = or(ByteFinder.first(in, needle.other(rare), at, end), end);
      }
      return Math.min(nextLower, nextUpper);
    }

    private static long or(long found, long end) {
      return found < 0 ? end : found;
    }

    /// Eight starts at a time: those where both rare bytes stand right.
    private long byPairs(MemorySegment in, long from, long to) {
      long folds = (fold[rare] & 0xff) * ByteFinder.ONES;
      long pattern = (bytes[rare] & 0xff) * ByteFinder.ONES;
      long otherFolds = (fold[second] & 0xff) * ByteFinder.ONES;
      long otherPattern = (bytes[second] & 0xff) * ByteFinder.ONES;
      int farther = Math.max(rare, second);
      // Words are read that start up to 24 behind a start.
      long end = Math.min(to - bytes.length + 1, to - farther - 31);
      long at = from;
      for (; at < end; at += 32) {
        long a = pair(in, at, folds, pattern, otherFolds, otherPattern);
        long b = pair(in, at + 8, folds, pattern, otherFolds, otherPattern);
        long c = pair(in, at + 16, folds, pattern, otherFolds, otherPattern);
        long d = pair(in, at + 24, folds, pattern, otherFolds, otherPattern);
        if ((a | b | c | d) != 0) {
          long found = first(in, at, to, a, b, c, d);
          if (found >= 0) {
            return found;
          }
        }
      }
      for (; at + bytes.length <= to; at++) {
        if (matches(in, at)) {
          return at;
        }
      }
      return NONE;
    }

    private long pair(
        MemorySegment in, long at, long folds, long pattern, long otherFolds, long otherPattern) {
      long one = (in.get(WORD, at + rare) | folds) ^ pattern;
      long other = (in.get(WORD, at + second) | otherFolds) ^ otherPattern;
      return ByteFinder.zeros(one | other);
    }

    private long first(MemorySegment in, long at, long to, long a, long b, long c, long d) {
      for (int word = 0; word < 4; word++) {
        long marks = word == 0 ? a : word == 1 ? b : word == 2 ? c : d;
        for (; marks != 0; marks &= marks - 1) {
          long start = at + 8L * word + ByteFinder.lowest(marks);
          if (start + bytes.length <= to && matches(in, start)) {
            return start;
          }
        }
      }
      return NONE;
    }

    private boolean matches(MemorySegment in, long start) {
      for (int i = 0; i < bytes.length; i++) {
        if ((byte) (in.get(ValueLayout.JAVA_BYTE, start + i) | fold[i]) != bytes[i]) {
          return false;
        }
      }
      return true;
    }
  }

  /// The first of several needles: each looks ahead for itself.
  static final class Several extends LiteralFinder {
    private final One[] finders;

    /// Where each needle comes next; behind the end where it does not.
    private final long[] next;

    Several(List<Needle> needles) {
      this.finders = needles.stream().map(One::new).toArray(One[]::new);
      this.next = new long[finders.length];
      restart();
    }

    @Override
    void restart() {
      Arrays.fill(next, -1);
      for (One finder : finders) {
        finder.restart();
      }
    }

    @Override
    long find(MemorySegment in, long from, long to) {
      long first = Long.MAX_VALUE;
      for (int i = 0; i < finders.length; i++) {
        if (next[i] < from) {
          long found = finders[i].find(in, from, to);
          next[i] = found < 0 ? Long.MAX_VALUE : found;
        }
        first = Math.min(first, next[i]);
      }
      return first == Long.MAX_VALUE ? NONE : first;
    }
  }
}
