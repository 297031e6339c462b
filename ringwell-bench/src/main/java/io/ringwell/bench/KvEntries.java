package io.ringwell.bench;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/// Entries for tables: keys of 16 bytes that ascend by number, values of 100 that compress by half.
final class KvEntries {
  static final int KEY_BYTES = 16;
  static final int VALUE_BYTES = 100;

  private static final int KEY_DIGITS_FROM = 4;
  private static final int RANDOM_BYTES = 1 << 20;

  /// The value's bytes of one number are not those of the next.
  private static final int STRIDE = 7919;

  /// Filled anew by [#fill].
  final byte[] key = "key_000000000000".getBytes(StandardCharsets.US_ASCII);

  final byte[] value = new byte[VALUE_BYTES];
  private final byte[] random = new byte[RANDOM_BYTES];

  KvEntries() {
    new Random(1).nextBytes(random);
  }

  void fill(int number) {
    int left = number;
    for (int digit = KEY_BYTES - 1; digit >= KEY_DIGITS_FROM; digit--) {
      key[digit] = (byte) ('0' + left % 10);
      left /= 10;
    }
    int half = VALUE_BYTES / 2;
    int from = (number * STRIDE) & (RANDOM_BYTES / 2 - 1);
    System.arraycopy(random, from, value, 0, half);
    System.arraycopy(random, from, value, half, half);
  }
}
