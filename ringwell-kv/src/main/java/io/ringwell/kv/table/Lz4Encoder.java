package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Compresses to LZ4's block format, as its fast compressor does: a table of where four bytes were
/// seen last, and longer strides the longer nothing is found.
///
/// The table is not cleared between blocks: what it has of earlier ones lies below where this one's
/// positions begin.
final class Lz4Encoder implements BlockEncoder {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int MIN_MATCH = 4;
  private static final int MAX_DISTANCE = 0xFFFF;

  /// The format's rules for a block's end: the last match begins at least 12 bytes, and ends at
  /// least 5 bytes before it.
  private static final int LAST_MATCH = 12;

  private static final int LAST_LITERALS = 5;

  private static final int LONG_RUN = 15;
  private static final int HASH_BITS = 13;
  private static final int HASH_FACTOR = 0x9E3779B1;

  /// After so many misses, as a power of two, strides grow by one.
  private static final int PATIENCE = 6;

  /// Where the positions begin again from zero, and the table has to be cleared.
  private static final int MOST_BASE = 1 << 30;

  private final int[] table = new int[1 << HASH_BITS];
  private int base = 1;

  // Of the block at work.
  private MemorySegment from = MemorySegment.NULL;
  private MemorySegment to = MemorySegment.NULL;

  @Override
  public int room(int length) {
    return length;
  }

  @Override
  public int encode(
      MemorySegment source, int length, MemorySegment target, long targetOffset, int most) {
    if (base > MOST_BASE - length) {
      Arrays.fill(table, 0);
      base = 1;
    }
    from = source;
    to = target;
    try {
      long end = blocks(length, targetOffset, targetOffset + Math.min(most, length));
      return end < 0 ? -1 : (int) (end - targetOffset);
    } finally {
      base += length;
      from = MemorySegment.NULL;
      to = MemorySegment.NULL;
    }
  }

  /// Where the encoded block ends; -1 where that would be beyond `limit`.
  private long blocks(int length, long start, long limit) {
    long out = start;
    int anchor = 0;
    int at = 1;
    int lastStart = length - LAST_MATCH;
    while (true) {
      int match = -1;
      for (int misses = 1 << PATIENCE; at < lastStart; at += misses++ >>> PATIENCE) {
        int word = from.get(INT, at);
        int slot = (word * HASH_FACTOR) >>> (32 - HASH_BITS);
        int known = table[slot] - base;
        table[slot] = base + at;
        if (known >= 0 && at - known <= MAX_DISTANCE && from.get(INT, known) == word) {
          match = known;
          break;
        }
      }
      if (match < 0) {
        return literals(anchor, length - anchor, 0, out, limit);
      }
      while (at > anchor
          && match > 0
          && from.get(JAVA_BYTE, at - 1) == from.get(JAVA_BYTE, match - 1)) {
        at--;
        match--;
      }
      int more = common(at + MIN_MATCH, match + MIN_MATCH, length - LAST_LITERALS);
      out = literals(anchor, at - anchor, Math.min(more, LONG_RUN), out, limit - 2);
      if (out < 0) {
        return -1;
      }
      to.set(SHORT, out, (short) (at - match));
      out += 2;
      if (more >= LONG_RUN) {
        out = longRun(more - LONG_RUN, out, limit);
        if (out < 0) {
          return -1;
        }
      }
      at += MIN_MATCH + more;
      anchor = at;
      if (at < lastStart) {
        int behind = from.get(INT, at - 2);
        table[(behind * HASH_FACTOR) >>> (32 - HASH_BITS)] = base + at - 2;
      }
    }
  }

  /// A token with `count` literals, which follow it; where they end, or -1 beyond `limit`.
  private long literals(int anchor, int count, int match, long start, long limit) {
    long out = start;
    if (out + 1 + count > limit) {
      return -1;
    }
    to.set(JAVA_BYTE, out++, (byte) (Math.min(count, LONG_RUN) << 4 | match));
    if (count >= LONG_RUN) {
      out = longRun(count - LONG_RUN, out, limit - count);
      if (out < 0) {
        return -1;
      }
    }
    MemorySegment.copy(from, anchor, to, out, count);
    return out + count;
  }

  private long longRun(int rest, long start, long limit) {
    long out = start;
    if (out + rest / 255 + 1 > limit) {
      return -1;
    }
    int left = rest;
    for (; left >= 255; left -= 255) {
      to.set(JAVA_BYTE, out++, (byte) 255);
    }
    to.set(JAVA_BYTE, out++, (byte) left);
    return out;
  }

  /// How many bytes from `a` on are those from `b` on, up to `end`.
  private int common(int a, int b, int end) {
    int i = a;
    int j = b;
    for (; i <= end - 8; i += 8, j += 8) {
      long difference = from.get(LONG, i) ^ from.get(LONG, j);
      if (difference != 0) {
        return i - a + (Long.numberOfTrailingZeros(difference) >>> 3);
      }
    }
    while (i < end && from.get(JAVA_BYTE, i) == from.get(JAVA_BYTE, j)) {
      i++;
      j++;
    }
    return i - a;
  }

  @Override
  public void close() {
    // Nothing but the table.
  }
}
