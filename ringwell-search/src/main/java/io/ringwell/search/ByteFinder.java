package io.ringwell.search;

import io.ringwell.sys.ByteScan;
import java.lang.foreign.MemorySegment;

/// The first or last of one byte value in native memory: libc's where it is there, else eight bytes
/// at a time in Java. Positions count from the segment's start; -1 is none.
final class ByteFinder {
  static final long ONES = 0x0101010101010101L;
  static final long HIGHS = 0x8080808080808080L;

  /// Line ends are mostly near; up to here a loop beats a call.
  private static final int NEAR_BYTES = 32;

  /// For tests: `-Dringwell.search.libc=false` takes Java everywhere.
  private static final boolean LIBC =
      ByteScan.available() && !"false".equals(System.getProperty("ringwell.search.libc"));

  private ByteFinder() {}

  static boolean libc() {
    return LIBC;
  }

  static long first(MemorySegment in, byte value, long from, long to) {
    return LIBC ? firstByLibc(in, value, from, to) : firstBySwar(in, value, from, to);
  }

  static long firstByLibc(MemorySegment in, byte value, long from, long to) {
    long base = in.address();
    for (long at = from; at < to; at += ByteScan.MAX_BYTES) {
      long found = ByteScan.first(base + at, Math.min(to - at, ByteScan.MAX_BYTES), value);
      if (found != 0) {
        return found - base;
      }
    }
    return -1;
  }

  static long firstBySwar(MemorySegment in, byte value, long from, long to) {
    long base = in.address();
    long pattern = (value & 0xff) * ONES;
    long at = from;
    for (; at + 32 <= to; at += 32) {
      long a = zeros(ByteScan.wordAt(base + at) ^ pattern);
      long b = zeros(ByteScan.wordAt(base + at + 8) ^ pattern);
      long c = zeros(ByteScan.wordAt(base + at + 16) ^ pattern);
      long d = zeros(ByteScan.wordAt(base + at + 24) ^ pattern);
      if ((a | b | c | d) != 0) {
        return a != 0
            ? at + lowest(a)
            : b != 0 ? at + 8 + lowest(b) : c != 0 ? at + 16 + lowest(c) : at + 24 + lowest(d);
      }
    }
    for (; at < to; at++) {
      if (ByteScan.byteAt(base + at) == value) {
        return at;
      }
    }
    return -1;
  }

  /// The high bit of each zero byte. Above the lowest zero byte others may be marked too.
  static long zeros(long word) {
    return (word - ONES) & ~word & HIGHS;
  }

  static int lowest(long marks) {
    return Long.numberOfTrailingZeros(marks) >>> 3;
  }

  /// As [#first], where it is likely near.
  static long near(MemorySegment in, byte value, long from, long to) {
    long base = in.address();
    long end = Math.min(to, from + NEAR_BYTES);
    for (long at = from; at < end; at++) {
      if (ByteScan.byteAt(base + at) == value) {
        return at;
      }
    }
    return end == to ? -1 : first(in, value, end, to);
  }

  static long last(MemorySegment in, byte value, long from, long to) {
    long base = in.address();
    long end = Math.max(from, to - NEAR_BYTES);
    long at = to - 1;
    for (; at >= end; at--) {
      if (ByteScan.byteAt(base + at) == value) {
        return at;
      }
    }
    return end == from ? -1 : lastFar(in, value, from, end);
  }

  private static long lastFar(MemorySegment in, byte value, long from, long to) {
    long base = in.address();
    for (long end = to; end > from; end -= ByteScan.MAX_BYTES) {
      long start = Math.max(from, end - ByteScan.MAX_BYTES);
      if (LIBC) {
        long found = ByteScan.last(base + start, end - start, value);
        if (found != 0) {
          return found - base;
        }
      } else {
        for (long at = end - 1; at >= start; at--) {
          if (ByteScan.byteAt(base + at) == value) {
            return at;
          }
        }
      }
    }
    return -1;
  }

  /// How many bytes are `value`.
  static long count(MemorySegment in, byte value, long from, long to) {
    long base = in.address();
    long pattern = (value & 0xff) * ONES;
    long count = 0;
    long at = from;
    while (at + 8 <= to) {
      // Each byte of the sums counts to 255 at the most: they are added up before that.
      long end = Math.min(at + 8 * 255, at + (to - at) / 8 * 8);
      long sums = 0;
      for (; at < end; at += 8) {
        long word = ByteScan.wordAt(base + at) ^ pattern;
        // Exact for every byte, unlike zeros().
        long other = ((word & ~HIGHS) + ~HIGHS) | word;
        sums += (~other & HIGHS) >>> 7;
      }
      count += ((sums & 0x00ff00ff00ff00ffL) * 0x0001000100010001L) >>> 48;
      count += (((sums >>> 8) & 0x00ff00ff00ff00ffL) * 0x0001000100010001L) >>> 48;
    }
    for (; at < to; at++) {
      if (ByteScan.byteAt(base + at) == value) {
        count++;
      }
    }
    return count;
  }
}
