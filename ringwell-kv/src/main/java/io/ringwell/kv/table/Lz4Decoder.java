package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Decodes LZ4's block format (lz4_Block_format.md).
///
/// Works in arrays, to which a block is copied and from which it comes back: an access costs one
/// check there, and three in a segment, which is more than the two copies. Behind the block each
/// array has room to spare, so that what has a few words is copied by whole words without a look at
/// where it ends; what that spills is overwritten next. Whatever the input is, nothing else is read
/// or written, and what does not come to exactly the target's length is refused.
final class Lz4Decoder implements BlockDecoder {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int MIN_MATCH = 4;

  /// A length of this many goes on in further bytes.
  private static final int LONG_RUN = 15;

  /// Up to this length whole words are copied; beyond it a call of the JDK's copy is faster.
  private static final int WORDS_BYTES = 64;

  private static final int HALF_BYTES = WORDS_BYTES / 2;

  /// What a byte of the input can come to at the most.
  private static final int MOST_GAIN = 255;

  /// Arrays that are longer are given up after their block.
  private static final int KEPT_BYTES = 1 << 20;

  private static final int FIRST_BYTES = 16 << 10;

  private final @Nullable MemorySegment dictionary;
  private byte[] in = {};
  private byte[] out = {};

  /// @param dictionary what matches may reach back into, before the block
  Lz4Decoder(byte @Nullable [] dictionary) {
    this.dictionary = dictionary == null ? null : MemorySegment.ofArray(dictionary);
  }

  @Override
  public void decode(
      MemorySegment source,
      long sourceOffset,
      int sourceLength,
      MemorySegment target,
      long targetOffset,
      int targetLength)
      throws BadBlockException {
    if (targetLength > (long) MOST_GAIN * sourceLength) {
      throw new BadBlockException(
          "LZ4: " + sourceLength + " bytes cannot decode to " + targetLength);
    }
    in = atLeast(in, sourceLength);
    out = atLeast(out, targetLength);
    MemorySegment.copy(source, JAVA_BYTE, sourceOffset, in, 0, sourceLength);
    decode(in, sourceLength, out, targetLength);
    MemorySegment.copy(out, 0, target, JAVA_BYTE, targetOffset, targetLength);
    if (in.length > KEPT_BYTES || out.length > KEPT_BYTES) {
      close();
    }
  }

  private static byte[] atLeast(byte[] known, int bytes) {
    return known.length >= bytes + WORDS_BYTES
        ? known
        : new byte[Math.max(FIRST_BYTES, bytes + WORDS_BYTES)];
  }

  private void decode(byte[] source, int sourceEnd, byte[] target, int targetEnd)
      throws BadBlockException {
    int from = 0;
    int to = 0;
    while (from < sourceEnd) {
      int token = source[from++];
      int literals = (token >>> 4) & 15;
      if (literals < LONG_RUN) {
        word(source, from, target, to);
        if (literals > Long.BYTES) {
          word(source, from + Long.BYTES, target, to + Long.BYTES);
        }
      } else {
        int more;
        do {
          if (from >= sourceEnd || literals > targetEnd) {
            throw bad("a run of literals passes the end", from);
          }
          more = source[from++] & 0xFF;
          literals += more;
        } while (more == 255);
        if (literals > sourceEnd - from || literals > targetEnd - to) {
          throw bad("a run of literals passes the end", from);
        }
        if (literals <= WORDS_BYTES) {
          fourWords(source, from, target, to);
          if (literals > HALF_BYTES) {
            fourWords(source, from + HALF_BYTES, target, to + HALF_BYTES);
          }
        } else {
          System.arraycopy(source, from, target, to, literals);
        }
      }
      from += literals;
      to += literals;
      if (from == sourceEnd) {
        // A block ends with literals.
        break;
      }
      if (from > sourceEnd - 2) {
        throw bad("it ends within a match", from);
      }
      int distance = (short) SHORT.get(source, from) & 0xFFFF;
      from += 2;
      int length = token & 15;
      if (length == LONG_RUN) {
        int more;
        do {
          if (from >= sourceEnd || length > targetEnd) {
            throw bad("a match passes the end", from);
          }
          more = source[from++] & 0xFF;
          length += more;
        } while (more == 255);
      }
      length += MIN_MATCH;
      if (length > targetEnd - to) {
        throw bad("a match passes the end", from);
      }
      if (distance == 0) {
        throw bad("a match at distance 0", from);
      }
      if (distance > to) {
        int within = copyDictionary(distance - to, target, to, length, from);
        to += within;
        length -= within;
        if (length == 0) {
          continue;
        }
      }
      repeat(target, to - distance, to, length);
      to += length;
    }
    if (from != sourceEnd || to != targetEnd) {
      throw new BadBlockException("LZ4: it decodes to " + to + " bytes instead of " + targetEnd);
    }
  }

  /// Copies what of a match lies before the block, and tells how many bytes that were.
  private int copyDictionary(int before, byte[] target, int to, int length, int at)
      throws BadBlockException {
    MemorySegment from = dictionary;
    if (from == null || before > from.byteSize()) {
      throw bad("a match begins before the block", at);
    }
    int within = Math.min(before, length);
    MemorySegment.copy(from, JAVA_BYTE, from.byteSize() - before, target, to, within);
    return within;
  }

  /// Copies `length` bytes one after the other, so that what is closer than `length` repeats.
  private static void repeat(byte[] target, int from, int to, int length) {
    int distance = to - from;
    if (distance >= Long.BYTES && length <= 3 * Long.BYTES) {
      // One after the other: a word that is read here may be one that was just written.
      word(target, from, target, to);
      word(target, from + 8, target, to + 8);
      word(target, from + 16, target, to + 16);
    } else if (distance >= HALF_BYTES && length <= WORDS_BYTES) {
      fourWords(target, from, target, to);
      if (length > HALF_BYTES) {
        fourWords(target, from + HALF_BYTES, target, to + HALF_BYTES);
      }
    } else if (distance >= length) {
      System.arraycopy(target, from, target, to, length);
    } else {
      repeatOften(target, from, to, length);
    }
  }

  /// The same of what repeats within its length.
  private static void repeatOften(byte[] target, int from, int to, int length) {
    int stop = to + length;
    int distance = to - from;
    int period = distance;
    int at = to;
    if (distance < Long.BYTES) {
      // By the byte until there is a word of whole periods to repeat.
      period = distance * (7 / distance + 1);
      int wordsFrom = Math.min(stop, from + period);
      for (; at < wordsFrom; at++) {
        target[at] = target[at - distance];
      }
    }
    for (; at < stop; at += Long.BYTES) {
      word(target, at - period, target, at);
    }
  }

  private static void word(byte[] source, int from, byte[] target, int to) {
    LONG.set(target, to, (long) LONG.get(source, from));
  }

  private static void fourWords(byte[] source, int from, byte[] target, int to) {
    long first = (long) LONG.get(source, from);
    long second = (long) LONG.get(source, from + 8);
    long third = (long) LONG.get(source, from + 16);
    long fourth = (long) LONG.get(source, from + 24);
    LONG.set(target, to, first);
    LONG.set(target, to + 8, second);
    LONG.set(target, to + 16, third);
    LONG.set(target, to + 24, fourth);
  }

  private static BadBlockException bad(String what, int at) {
    return new BadBlockException("LZ4: " + what + ", near byte " + at + " of the input");
  }

  /// Lets go of the arrays.
  @Override
  public void close() {
    in = new byte[0];
    out = new byte[0];
  }
}
