package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Decodes Snappy's raw format (format_description.txt of google/snappy) behind its length, from
/// memory to memory.
///
/// Whatever the input is, only `source`'s range is read and only `target`'s written; what does not
/// come to exactly the target's length is refused. Copies of a few words write whole words, past
/// the end of a run but never past the target's, since what they spill is overwritten next.
/// Allocates nothing.
final class SnappyDecoder {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Lengths of literals from here on stand in the bytes behind the tag.
  private static final int LONG_LITERAL = 60;

  private SnappyDecoder() {}

  /// Decodes `sourceLength` bytes, which begin behind the length, to exactly `targetLength`.
  ///
  /// @throws BadBlockException if the input is malformed
  static void decode(
      MemorySegment source,
      long sourceStart,
      int sourceLength,
      MemorySegment target,
      long targetStart,
      int targetLength)
      throws BadBlockException {
    long sourceEnd = sourceStart + sourceLength;
    long targetEnd = targetStart + targetLength;
    long from = sourceStart;
    long to = targetStart;
    while (from < sourceEnd) {
      int tag = source.get(JAVA_BYTE, from++) & 0xFF;
      int kind = tag & 3;
      if (kind == 0) {
        long length = (tag >>> 2) + 1L;
        if (length <= 16 && from <= sourceEnd - 16 && to <= targetEnd - 16) {
          target.set(JAVA_LONG_UNALIGNED, to, source.get(JAVA_LONG_UNALIGNED, from));
          target.set(JAVA_LONG_UNALIGNED, to + 8, source.get(JAVA_LONG_UNALIGNED, from + 8));
        } else {
          if (length > LONG_LITERAL) {
            int bytes = (int) length - LONG_LITERAL;
            if (bytes > sourceEnd - from) {
              throw bad("it ends within a tag", from, sourceStart);
            }
            length = littleEndian(source, from, bytes) + 1;
            from += bytes;
          }
          if (length > sourceEnd - from || length > targetEnd - to) {
            throw bad("a run of literals passes the end", from, sourceStart);
          }
          MemorySegment.copy(source, from, target, to, length);
        }
        from += length;
        to += length;
        continue;
      }
      int bytes = kind == 3 ? 4 : kind;
      if (bytes > sourceEnd - from) {
        throw bad("it ends within a tag", from, sourceStart);
      }
      int length = (tag >>> 2) + 1;
      long distance;
      if (kind == 1) {
        length = ((tag >>> 2) & 7) + 4;
        distance = (tag >>> 5) * 256L + (source.get(JAVA_BYTE, from) & 0xFF);
      } else if (kind == 2) {
        distance = source.get(SHORT, from) & 0xFFFF;
      } else {
        distance = source.get(INT, from) & 0xFFFF_FFFFL;
      }
      from += bytes;
      if (length > targetEnd - to) {
        throw bad("a copy passes the end", from, sourceStart);
      }
      if (distance == 0 || distance > to - targetStart) {
        throw bad("a copy begins before the block", from, sourceStart);
      }
      Matches.copy(target, to - distance, to, length, targetEnd);
      to += length;
    }
    if (to != targetEnd) {
      throw new BadBlockException(
          "Snappy: it decodes to " + (to - targetStart) + " bytes instead of " + targetLength);
    }
  }

  private static long littleEndian(MemorySegment source, long at, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (source.get(JAVA_BYTE, at + i) & 0xFFL) << (8 * i);
    }
    return value;
  }

  private static BadBlockException bad(String what, long at, long start) {
    return new BadBlockException(
        "Snappy: " + what + ", near byte " + (at - start) + " of the input");
  }
}
