package io.ringwell.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.LongAdder;

/// Fills memory that nobody owns with a pattern, so that reading it shows and writing it is found.
final class Poison {
  /// What marks memory as poisoned.
  static final byte MARK = (byte) 0xDB;

  /// What a secure pool leaves, which zeroes everything that comes back.
  static final byte ZERO = 0;

  private static final long EVERY_BYTE = 0x0101_0101_0101_0101L;

  private final String pool;
  private final byte pattern;
  private final long word;
  private final LongAdder damaged = new LongAdder();

  Poison(String pool, byte pattern) {
    this.pool = pool;
    this.pattern = pattern;
    this.word = (pattern & 0xFF) * EVERY_BYTE;
  }

  void fill(MemorySegment free) {
    free.fill(pattern);
  }

  /// Counts and reports a block that is not as [#fill] left it. Its length is a multiple of a word.
  void check(MemorySegment block) {
    for (long at = 0; at < block.byteSize(); at += Long.BYTES) {
      if (block.get(JAVA_LONG_UNALIGNED, at) != word) {
        damaged.increment();
        MemoryLog.LOGGER.log(
            System.Logger.Level.ERROR,
            "memory of pool %s was written to after its release: 8 bytes at 0x%x hold 0x%016x"
                .formatted(pool, block.address() + at, block.get(JAVA_LONG_UNALIGNED, at)));
        return;
      }
    }
  }

  long damaged() {
    return damaged.sum();
  }
}
