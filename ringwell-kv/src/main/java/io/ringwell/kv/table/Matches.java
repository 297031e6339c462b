package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/// Repeats what Snappy decoded already.
final class Matches {
  private static final int FOUR_WORDS = 32;

  private Matches() {}

  /// Copies `length` bytes from `from` to `to`, one after the other, so that what is closer than
  /// `length` repeats. May write up to 31 bytes more, but not from `end` on: the caller has not
  /// decoded that far yet.
  static void copy(MemorySegment memory, long from, long to, int length, long end) {
    long distance = to - from;
    if (length <= FOUR_WORDS && distance >= 8 && to <= end - FOUR_WORDS) {
      // One after the other: a word that is read here may be one that was just written.
      memory.set(JAVA_LONG_UNALIGNED, to, memory.get(JAVA_LONG_UNALIGNED, from));
      memory.set(JAVA_LONG_UNALIGNED, to + 8, memory.get(JAVA_LONG_UNALIGNED, from + 8));
      if (length > 16) {
        memory.set(JAVA_LONG_UNALIGNED, to + 16, memory.get(JAVA_LONG_UNALIGNED, from + 16));
        memory.set(JAVA_LONG_UNALIGNED, to + 24, memory.get(JAVA_LONG_UNALIGNED, from + 24));
      }
    } else if (distance >= length) {
      MemorySegment.copy(memory, from, memory, to, length);
    } else {
      repeat(memory, from, to, length, end);
    }
  }

  private static void repeat(MemorySegment memory, long from, long to, int length, long end) {
    long distance = to - from;
    long stop = to + length;
    if (distance < 8) {
      if (stop > end - 8) {
        for (int i = 0; i < length; i++) {
          memory.set(JAVA_BYTE, to + i, memory.get(JAVA_BYTE, from + i));
        }
        return;
      }
      // Written by the byte until there is a word of whole periods to repeat.
      long period = distance * (7 / distance + 1);
      long wordsFrom = Math.min(stop, from + period);
      long at = to;
      for (; at < wordsFrom; at++) {
        memory.set(JAVA_BYTE, at, memory.get(JAVA_BYTE, at - distance));
      }
      for (; at < stop; at += 8) {
        memory.set(JAVA_LONG_UNALIGNED, at, memory.get(JAVA_LONG_UNALIGNED, at - period));
      }
      return;
    }
    // What has been written doubles what can be copied at once.
    long at = to;
    long known = distance;
    while (stop - at > known) {
      MemorySegment.copy(memory, from, memory, at, known);
      at += known;
      known += known;
    }
    MemorySegment.copy(memory, from, memory, at, stop - at);
  }
}
