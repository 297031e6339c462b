package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// XXH32 with seed 0, on memory where it lies, as the xxHash specification has it. Allocates
/// nothing. Tests hold it against hash4j.
final class Xxh32 {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int PRIME_1 = 0x9E3779B1;
  private static final int PRIME_2 = 0x85EBCA77;
  private static final int PRIME_3 = 0xC2B2AE3D;
  private static final int PRIME_4 = 0x27D4EB2F;
  private static final int PRIME_5 = 0x165667B1;

  private Xxh32() {}

  static int hash(MemorySegment in, long start, int length) {
    int stripes = length >>> 4;
    int hash = stripes == 0 ? PRIME_5 : stripes(in, start, stripes);
    hash += length;
    long at = start + ((long) stripes << 4);
    long end = start + length;
    for (; end - at >= 4; at += 4) {
      hash = Integer.rotateLeft(hash + in.get(INT, at) * PRIME_3, 17) * PRIME_4;
    }
    for (; at < end; at++) {
      hash = Integer.rotateLeft(hash + (in.get(JAVA_BYTE, at) & 0xFF) * PRIME_5, 11) * PRIME_1;
    }
    hash = (hash ^ (hash >>> 15)) * PRIME_2;
    hash = (hash ^ (hash >>> 13)) * PRIME_3;
    return hash ^ (hash >>> 16);
  }

  /// What `stripes` of 16 bytes come to.
  private static int stripes(MemorySegment in, long start, int stripes) {
    int a = PRIME_2;
    a += PRIME_1; // overflows, as it is meant to
    int b = PRIME_2;
    int c = 0;
    int d = -PRIME_1;
    for (int i = 0; i < stripes; i++) {
      long at = start + ((long) i << 4);
      a = round(a, in.get(INT, at));
      b = round(b, in.get(INT, at + 4));
      c = round(c, in.get(INT, at + 8));
      d = round(d, in.get(INT, at + 12));
    }
    return Integer.rotateLeft(a, 1)
        + Integer.rotateLeft(b, 7)
        + Integer.rotateLeft(c, 12)
        + Integer.rotateLeft(d, 18);
  }

  private static int round(int sum, int word) {
    return Integer.rotateLeft(sum + word * PRIME_2, 13) * PRIME_1;
  }
}
