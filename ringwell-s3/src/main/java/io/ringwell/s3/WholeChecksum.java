package io.ringwell.s3;

import java.util.Map;
import java.util.TreeMap;

/// The CRC32 of an object out of those of its ranges, which come in any order. Two ranges side by
/// side become one, so that little is kept. A range that overlaps another one is left out: then the
/// object is not verified as a whole, unless its bytes come once more.
///
/// **Threads.** Any.
final class WholeChecksum {
  /// The polynomial of CRC-32 (ISO 3309), the lowest power first.
  private static final int POLYNOMIAL = 0xEDB88320;

  /// x to the power 0.
  private static final int ONE = 1 << 31;

  /// x to the powers 1, 2, 4, 8, …: from the 32nd on they come again.
  private static final int[] POWERS = powers();

  private record Run(long to, int crc) {}

  private final long size;
  private final int expected;
  private final TreeMap<Long, Run> runs = new TreeMap<>();

  WholeChecksum(long size, int expected) {
    this.size = size;
    this.expected = expected;
  }

  /// @return false where all bytes are there now, and are not those expected
  synchronized boolean add(long from, long to, int crc) {
    if (from >= to || overlaps(from, to)) {
      return true;
    }
    long start = from;
    Run run = new Run(to, crc);
    Map.Entry<Long, Run> before = runs.floorEntry(from);
    if (before != null && before.getValue().to == from) {
      start = before.getKey();
      run = new Run(to, combine(before.getValue().crc, crc, to - from));
    }
    Run after = runs.remove(to);
    if (after != null) {
      run = new Run(after.to, combine(run.crc, after.crc, after.to - to));
    }
    runs.put(start, run);
    boolean complete = start == 0 && run.to == size;
    if (complete && run.crc != expected) {
      runs.clear(); // so that another try may find them right
      return false;
    }
    return true;
  }

  private boolean overlaps(long from, long to) {
    Map.Entry<Long, Run> before = runs.lowerEntry(to);
    return before != null && before.getValue().to > from;
  }

  /// Whether every byte came, and they are those expected.
  synchronized boolean isVerified() {
    Run all = runs.get(0L);
    return size == 0 ? expected == 0 : all != null && all.to == size;
  }

  /// The CRC of two pieces, one behind the other: the first is moved up by the length of the
  /// second, which is a multiplication by x to the power of its bits, modulo the polynomial.
  static int combine(int first, int second, long secondBytes) {
    int factor = ONE;
    int power = 3; // 2 to this power are the bits of a byte
    for (long left = secondBytes; left > 0; left >>>= 1) {
      if ((left & 1) != 0) {
        factor = multiply(POWERS[power & 31], factor);
      }
      power++;
    }
    return multiply(factor, first) ^ second;
  }

  /// The product modulo the polynomial.
  private static int multiply(int a, int b) {
    int product = 0;
    int moved = b;
    for (int bit = 31; bit >= 0; bit--) {
      if ((a >>> bit & 1) != 0) {
        product ^= moved;
      }
      moved = (moved & 1) == 0 ? moved >>> 1 : moved >>> 1 ^ POLYNOMIAL;
    }
    return product;
  }

  private static int[] powers() {
    int[] powers = new int[32];
    powers[0] = ONE >>> 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = multiply(powers[i - 1], powers[i - 1]);
    }
    return powers;
  }
}
