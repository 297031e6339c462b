package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// Reads numbers of variable length, one after another, from a part of a segment that nobody
/// vouches for. A number that is cut off, or longer than its type, sets [#isBroken], which stays.
///
/// **Threads.** One at a time. Made once, used again by [#over].
final class Varints {
  private MemorySegment memory = MemorySegment.NULL;
  private long at;
  private long limit;
  private boolean broken;

  /// Begins anew at `from`, and goes no further than `to`.
  Varints over(MemorySegment segment, long from, long to) {
    memory = segment;
    at = from;
    limit = to;
    broken = false;
    return this;
  }

  /// A number of up to 64 bits, low groups of seven first.
  long next() {
    long value = 0;
    long from = at;
    for (int shift = 0; shift < 64; shift += 7) {
      if (from >= limit) {
        break;
      }
      byte each = memory.get(JAVA_BYTE, from++);
      value |= (long) (each & 0x7f) << shift;
      if (each >= 0) {
        if (shift == 63 && each > 1) {
          break;
        }
        at = from;
        return value;
      }
    }
    broken = true;
    return 0;
  }

  /// The same with its sign in the lowest bit.
  long nextSigned() {
    long value = next();
    return (value >>> 1) ^ -(value & 1);
  }

  /// Where the next number begins.
  long position() {
    return at;
  }

  void skip(long bytes) {
    if (bytes < 0 || bytes > limit - at) {
      broken = true;
    } else {
      at += bytes;
    }
  }

  boolean isBroken() {
    return broken;
  }
}
