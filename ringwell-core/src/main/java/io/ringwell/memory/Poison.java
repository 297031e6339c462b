package io.ringwell.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.LongAdder;

/// Fills memory that nobody owns with a pattern, so that reading it shows and writing it is found.
final class Poison {
  private static final byte PATTERN = (byte) 0xDB;
  private static final long PATTERN_WORD = 0xDBDB_DBDB_DBDB_DBDBL;

  private final String pool;
  private final LongAdder damaged = new LongAdder();

  Poison(String pool) {
    this.pool = pool;
  }

  void fill(MemorySegment free) {
    free.fill(PATTERN);
  }

  /// Counts and reports a block that is not as [#fill] left it. Its length is a multiple of a word.
  void check(MemorySegment block) {
    for (long at = 0; at < block.byteSize(); at += Long.BYTES) {
      if (block.get(JAVA_LONG_UNALIGNED, at) != PATTERN_WORD) {
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
