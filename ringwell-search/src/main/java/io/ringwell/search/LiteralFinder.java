package io.ringwell.search;

import io.ringwell.sys.ByteScan;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// Finds the first of a few needles in native memory.
///
/// A needle's rarest byte is looked for, in both cases where case is ignored, and what stands
/// around it compared. Where that byte turns out to be common, which a table of ordinary text
/// cannot know, the text itself is asked once which is rare; and where none is, the two rarest are
/// looked for together, in words of eight bytes.
///
/// Remembers how far it has looked for each needle, so that asking for the next costs no second
/// look. Used by one thread.
abstract sealed class LiteralFinder {
  static final long NONE = -1;

  /// Starts that are looked at for pairs at once.
  private static final int STEP_BYTES = 512;

  /// Looked at in one step, before candidates that come too often are noticed.
  private static final int ENOUGH_CANDIDATES = 64;

  /// Fewer bytes than this for each candidate, and pairs are faster.
  private static final int PAIR_BYTES = 128;

  /// Fewer bytes than this for each candidate, and another byte may do better: a call for each of
  /// them costs about as much as looking through these.
  private static final int SAMPLE_WORTH_BYTES = 4096;

  /// As much of a text tells which bytes are rare in it.
  private static final int SAMPLE_BYTES = 16 << 10;

  /// Less does not.
  private static final int LEAST_SAMPLE_BYTES = 4 << 10;

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
    private int rare;
    private int second;
    private long rareFold;
    private long rarePattern;
    private long secondFold;
    private long secondPattern;
    private boolean sampled;
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
      this.pairs = !ByteFinder.libc();
      int rarest = needle.rarest(-1);
      take(rarest, needle.rarest(rarest));
    }

    /// Looks for the bytes at these places from now on.
    private void take(int rarest, int other) {
      rare = rarest;
      second = other;
      rareFold = (fold[rare] & 0xff) * ByteFinder.ONES;
      rarePattern = (bytes[rare] & 0xff) * ByteFinder.ONES;
      secondFold = (fold[second] & 0xff) * ByteFinder.ONES;
      secondPattern = (bytes[second] & 0xff) * ByteFinder.ONES;
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
          boolean common =
              rare != second && looked < candidates * (sampled ? PAIR_BYTES : SAMPLE_WORTH_BYTES);
          candidates = 0;
          looked = 0;
          if (common && (sampled || to - at >= LEAST_SAMPLE_BYTES)) {
            long next = at - rare;
            pairs = sampled || !sample(in, at, Math.min(to, at + SAMPLE_BYTES));
            return find(in, next, to);
          }
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

    /// Takes the places of the bytes that are rarest in a stretch of the text.
    ///
    /// @return whether the rarest is rare enough
    private boolean sample(MemorySegment in, long from, long to) {
      sampled = true;
      restart();
      int[] met = new int[256];
      long base = in.address();
      for (long at = from; at < to; at++) {
        met[ByteScan.byteAt(base + at) & 0xff]++;
      }
      int rarest = rarest(met, -1);
      take(rarest, rarest(met, rarest));
      return to - from >= (long) met(met, rarest) * PAIR_BYTES;
    }

    /// Of bytes met as often, the one that is rarer in other texts.
    private int rarest(int[] met, int except) {
      int best = -1;
      for (int i = 0; i < bytes.length; i++) {
        if (i == except) {
          continue;
        }
        int more = best < 0 ? -1 : Integer.compare(met(met, i), met(met, best));
        if (more < 0 || (more == 0 && needle.rank(i) < needle.rank(best))) {
          best = i;
        }
      }
      return best;
    }

    private int met(int[] met, int i) {
      int here = met[bytes[i] & 0xff];
      return needle.folds(i) ? here + met[needle.other(i) & 0xff] : here;
    }

    private static long or(long found, long end) {
      return found < 0 ? end : found;
    }

    /// Starts where both rare bytes stand right, first by [#STEP_BYTES] of them.
    private long byPairs(MemorySegment in, long from, long to) {
      long base = in.address();
      // Behind a start there are words of eight to read.
      long end = Math.min(to - bytes.length + 1, to - Math.max(rare, second) - Long.BYTES + 1);
      long at = from;
      while (at < end) {
        if (at + STEP_BYTES <= end && !any(base + at)) {
          at += STEP_BYTES;
          continue;
        }
        long stop = Math.min(at + STEP_BYTES, end);
        for (; at < stop; at += Long.BYTES) {
          long marks = marks(base + at + rare, base + at + second);
          for (; marks != 0; marks &= marks - 1) {
            long start = at + ByteFinder.lowest(marks);
            if (start + bytes.length <= to && matches(in, start)) {
              return start;
            }
          }
        }
      }
      for (at = Math.max(from, Math.min(at, end)); at + bytes.length <= to; at++) {
        if (matches(in, at)) {
          return at;
        }
      }
      return NONE;
    }

    /// Whether any of the starts from `address` on is marked. A plain loop without a way out, which
    /// the compiler makes vectors of: 24 GB/s where words one by one came to 10.
    private boolean any(long address) {
      long one = address + rare;
      long other = address + second;
      long folds = rareFold;
      long pattern = rarePattern;
      long otherFolds = secondFold;
      long otherPattern = secondPattern;
      long all = 0;
      for (int i = 0; i < STEP_BYTES; i += Long.BYTES) {
        long word =
            ((ByteScan.wordAt(one + i) | folds) ^ pattern)
                | ((ByteScan.wordAt(other + i) | otherFolds) ^ otherPattern);
        all |= (word - ByteFinder.ONES) & ~word & ByteFinder.HIGHS;
      }
      return all != 0;
    }

    private long marks(long one, long other) {
      return ByteFinder.zeros(
          ((ByteScan.wordAt(one) | rareFold) ^ rarePattern)
              | ((ByteScan.wordAt(other) | secondFold) ^ secondPattern));
    }

    private boolean matches(MemorySegment in, long start) {
      long base = in.address() + start;
      for (int i = 0; i < bytes.length; i++) {
        if ((byte) (ByteScan.byteAt(base + i) | fold[i]) != bytes[i]) {
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
