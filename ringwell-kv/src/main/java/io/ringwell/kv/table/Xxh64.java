package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// XXH64 with seed 0, on memory where it lies, as the xxHash specification has it. Allocates
/// nothing. Tests hold it against hash4j.
final class Xxh64 {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long PRIME_1 = 0x9E3779B185EBCA87L;
  private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
  private static final long PRIME_3 = 0x165667B19E3779F9L;
  private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
  private static final long PRIME_5 = 0x27D4EB2F165667C5L;

  private Xxh64() {}

  static long hash(MemorySegment in, long start, int length) {
    int stripes = length >>> 5;
    long hash = stripes == 0 ? PRIME_5 : stripes(in, start, stripes);
    hash += length;
    long at = start + ((long) stripes << 5);
    long end = start + length;
    for (; end - at >= 8; at += 8) {
      hash = Long.rotateLeft(hash ^ round(0, in.get(LONG, at)), 27) * PRIME_1 + PRIME_4;
    }
    if (end - at >= 4) {
      hash ^= (in.get(INT, at) & 0xFFFF_FFFFL) * PRIME_1;
      hash = Long.rotateLeft(hash, 23) * PRIME_2 + PRIME_3;
      at += 4;
    }
    for (; at < end; at++) {
      hash = Long.rotateLeft(hash ^ (in.get(JAVA_BYTE, at) & 0xFF) * PRIME_5, 11) * PRIME_1;
    }
    hash = (hash ^ (hash >>> 33)) * PRIME_2;
    hash = (hash ^ (hash >>> 29)) * PRIME_3;
    return hash ^ (hash >>> 32);
  }

  /// What `stripes` of 32 bytes come to.
  private static long stripes(MemorySegment in, long start, int stripes) {
    long a = PRIME_2;
    a += PRIME_1; // overflows, as it is meant to
    long b = PRIME_2;
    long c = 0;
    long d = -PRIME_1;
    for (int i = 0; i < stripes; i++) {
      long at = start + ((long) i << 5);
      a = round(a, in.get(LONG, at));
      b = round(b, in.get(LONG, at + 8));
      c = round(c, in.get(LONG, at + 16));
      d = round(d, in.get(LONG, at + 24));
    }
    long hash =
        Long.rotateLeft(a, 1)
            + Long.rotateLeft(b, 7)
            + Long.rotateLeft(c, 12)
            + Long.rotateLeft(d, 18);
    return merge(merge(merge(merge(hash, a), b), c), d);
  }

  private static long round(long sum, long word) {
    return Long.rotateLeft(sum + word * PRIME_2, 31) * PRIME_1;
  }

  private static long merge(long hash, long sum) {
    return (hash ^ round(0, sum)) * PRIME_1 + PRIME_4;
  }
}
