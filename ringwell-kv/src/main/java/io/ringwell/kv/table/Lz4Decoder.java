package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Decodes LZ4's block format (lz4_Block_format.md), from memory to memory.
///
/// Whatever the input is, only `source`'s range is read and only `target`'s written; what does not
/// come to exactly the target's length is refused. Copies of a few words write whole words, past
/// the end of a run but never past the target's, since what they spill is overwritten next.
/// Allocates nothing.
final class Lz4Decoder {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int MIN_MATCH = 4;

  /// A length of this many goes on in further bytes.
  private static final int LONG_RUN = 15;

  /// Up to this length four words are copied; beyond it a call of the JDK's copy is faster.
  private static final int FOUR_WORDS = 32;

  private Lz4Decoder() {}

  /// Decodes `sourceLength` bytes to exactly `targetLength`.
  ///
  /// @param dictionary what the matches may reach back into, before the target
  /// @throws BadBlockException if the input is malformed
  static void decode(
      MemorySegment source,
      long sourceStart,
      int sourceLength,
      MemorySegment target,
      long targetStart,
      int targetLength,
      @Nullable MemorySegment dictionary)
      throws BadBlockException {
    long sourceEnd = sourceStart + sourceLength;
    long targetEnd = targetStart + targetLength;
    long from = sourceStart;
    long to = targetStart;
    while (from < sourceEnd) {
      int token = source.get(JAVA_BYTE, from++);
      int literals = (token >>> 4) & 15;
      if (literals < LONG_RUN && from <= sourceEnd - 16 && to <= targetEnd - 16) {
        target.set(JAVA_LONG_UNALIGNED, to, source.get(JAVA_LONG_UNALIGNED, from));
        if (literals > 8) {
          target.set(JAVA_LONG_UNALIGNED, to + 8, source.get(JAVA_LONG_UNALIGNED, from + 8));
        }
      } else {
        if (literals == LONG_RUN) {
          int more;
          do {
            if (from >= sourceEnd || literals > targetLength) {
              throw bad("a run of literals passes the end", from, sourceStart);
            }
            more = source.get(JAVA_BYTE, from++) & 0xFF;
            literals += more;
          } while (more == 255);
        }
        if (literals > sourceEnd - from || literals > targetEnd - to) {
          throw bad("a run of literals passes the end", from, sourceStart);
        }
        if (literals <= FOUR_WORDS
            && from <= sourceEnd - FOUR_WORDS
            && to <= targetEnd - FOUR_WORDS) {
          fourWords(source, from, target, to);
        } else {
          MemorySegment.copy(source, from, target, to, literals);
        }
      }
      from += literals;
      to += literals;
      if (from == sourceEnd) {
        // A block ends with literals.
        if (to == targetEnd) {
          return;
        }
        break;
      }
      if (from > sourceEnd - 2) {
        throw bad("it ends within a match", from, sourceStart);
      }
      int distance = source.get(SHORT, from) & 0xFFFF;
      from += 2;
      int length = token & 15;
      if (length == LONG_RUN) {
        int more;
        do {
          if (from >= sourceEnd || length > targetLength) {
            throw bad("a match passes the end", from, sourceStart);
          }
          more = source.get(JAVA_BYTE, from++) & 0xFF;
          length += more;
        } while (more == 255);
      }
      length += MIN_MATCH;
      if (length > targetEnd - to) {
        throw bad("a match passes the end", from, sourceStart);
      }
      if (distance == 0) {
        throw bad("a match at distance 0", from, sourceStart);
      }
      if (distance > to - targetStart) {
        int before = distance - (int) (to - targetStart);
        if (dictionary == null || before > dictionary.byteSize()) {
          throw bad("a match begins before the block", from, sourceStart);
        }
        int within = Math.min(before, length);
        MemorySegment.copy(dictionary, dictionary.byteSize() - before, target, to, within);
        to += within;
        length -= within;
        if (length == 0) {
          continue;
        }
      }
      Matches.copy(target, to - distance, to, length, targetEnd);
      to += length;
    }
    throw new BadBlockException(
        "LZ4: it decodes to " + (to - targetStart) + " bytes instead of " + targetLength);
  }

  private static void fourWords(MemorySegment source, long from, MemorySegment target, long to) {
    long first = source.get(JAVA_LONG_UNALIGNED, from);
    long second = source.get(JAVA_LONG_UNALIGNED, from + 8);
    long third = source.get(JAVA_LONG_UNALIGNED, from + 16);
    long fourth = source.get(JAVA_LONG_UNALIGNED, from + 24);
    target.set(JAVA_LONG_UNALIGNED, to, first);
    target.set(JAVA_LONG_UNALIGNED, to + 8, second);
    target.set(JAVA_LONG_UNALIGNED, to + 16, third);
    target.set(JAVA_LONG_UNALIGNED, to + 24, fourth);
  }

  private static BadBlockException bad(String what, long at, long start) {
    return new BadBlockException("LZ4: " + what + ", near byte " + (at - start) + " of the input");
  }
}
