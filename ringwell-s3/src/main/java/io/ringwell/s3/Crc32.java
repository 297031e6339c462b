package io.ringwell.s3;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/// CRC-32 as S3 has it: of pieces in place, of two runs joined, and as text.
final class Crc32 {
  /// The polynomial, its lowest power in the highest bit.
  private static final int POLYNOMIAL = 0xEDB88320;

  /// x to the power of 0.
  private static final int ONE = 1 << 31;

  /// x to the power of 2 to the power of the index. The one after the last is the first again,
  /// since there are 2^32 - 1 powers that differ.
  private static final int[] SQUARES = new int[32];

  static {
    SQUARES[0] = 1 << 30;
    for (int i = 1; i < SQUARES.length; i++) {
      SQUARES[i] = multiply(SQUARES[i - 1], SQUARES[i - 1]);
    }
  }

  /// A `ByteBuffer` takes no more than 2 GiB.
  private static final long MOST_AT_ONCE = 1L << 30;

  private Crc32() {}

  /// Of all fragments, read where they are.
  static int of(BytesChain bytes) {
    CRC32 crc = new CRC32();
    each(bytes, crc::update);
    return (int) crc.getValue();
  }

  static byte[] md5(BytesChain bytes) {
    MessageDigest md5 = newMd5();
    each(bytes, md5::update);
    return md5.digest();
  }

  static MessageDigest newMd5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has MD5", e);
    }
  }

  private static void each(BytesChain bytes, Consumer<ByteBuffer> sum) {
    for (Bytes piece : bytes.fragments()) {
      MemorySegment memory = piece.segment();
      for (long at = 0; at < memory.byteSize(); at += MOST_AT_ONCE) {
        sum.accept(
            memory.asSlice(at, Math.min(MOST_AT_ONCE, memory.byteSize() - at)).asByteBuffer());
      }
    }
  }

  /// Of what `first` is of, followed by what `second` is of.
  ///
  /// @param secondBytes how long the latter is, in bytes
  static int combine(int first, int second, long secondBytes) {
    // Appending n bytes multiplies by x^(8 n).
    int shift = ONE;
    int square = 3;
    for (long n = secondBytes; n != 0; n >>>= 1) {
      if ((n & 1) != 0) {
        shift = multiply(SQUARES[square & 31], shift);
      }
      square++;
    }
    return multiply(shift, first) ^ second;
  }

  /// The product of two polynomials over the field of two elements, modulo [#POLYNOMIAL].
  private static int multiply(int a, int b) {
    int product = 0;
    int term = b;
    for (int bit = 31; bit >= 0; bit--) {
      if ((a >>> bit & 1) != 0) {
        product ^= term;
      }
      term = (term & 1) != 0 ? term >>> 1 ^ POLYNOMIAL : term >>> 1;
    }
    return product;
  }

  /// Big-endian, in base 64.
  static String text(int crc) {
    return Base64.getEncoder().encodeToString(ByteBuffer.allocate(4).putInt(crc).array());
  }
}
