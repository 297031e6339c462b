package io.ringwell.kv.table;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/// Bytes of the kinds that codecs treat differently.
final class Payloads {
  private Payloads() {}

  /// Of `length`: random, constant, of few different bytes, of short or long periods, or of words.
  static byte[] any(Random random, int length) {
    byte[] bytes = new byte[length];
    switch (random.nextInt(5)) {
      case 0 -> random.nextBytes(bytes);
      case 1 -> java.util.Arrays.fill(bytes, (byte) random.nextInt());
      case 2 -> {
        for (int i = 0; i < length; i++) {
          bytes[i] = (byte) random.nextInt(3);
        }
      }
      case 3 -> {
        int period = 1 + random.nextInt(random.nextBoolean() ? 40 : 2000);
        for (int i = 0; i < length; i++) {
          bytes[i] = i < period ? (byte) random.nextInt() : bytes[i - period];
        }
      }
      default -> words(random, bytes);
    }
    return bytes;
  }

  /// A mixture of what is new and what was there before, at all distances and lengths.
  private static void words(Random random, byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      int run = Math.min(bytes.length - at, 1 + random.nextInt(random.nextInt(10) == 0 ? 600 : 24));
      if (at > 0 && random.nextBoolean()) {
        int from = at - 1 - random.nextInt(at);
        for (int i = 0; i < run; i++) {
          bytes[at + i] = bytes[from + i];
        }
      } else {
        for (int i = 0; i < run; i++) {
          bytes[at + i] = (byte) random.nextInt();
        }
      }
      at += run;
    }
  }

  /// A length, mostly small.
  static int length(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(70);
      case 1 -> random.nextInt(1000);
      case 2 -> random.nextInt(10_000);
      default -> random.nextInt(random.nextInt(20) == 0 ? 200_000 : 5000);
    };
  }

  /// Native memory that holds `bytes` from `offset` on.
  static MemorySegment at(Arena arena, byte[] bytes, int offset) {
    MemorySegment segment = arena.allocate(offset + bytes.length);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, offset, bytes.length);
    return segment;
  }
}
