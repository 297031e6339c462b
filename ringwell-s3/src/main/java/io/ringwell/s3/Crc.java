package io.ringwell.s3;

import io.ringwell.memory.BytesChain;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/// The CRCs that S3 knows: of pieces in place, of two runs joined, and as text. All begin with ones
/// and are inverted in the end, and have their lowest power in the highest bit.
///
/// Values are in the low bits of a `long`.
enum Crc {
  CRC32(Integer.SIZE, 0xEDB88320L, CRC32::new, ChecksumAlgorithm.CRC32),
  CRC32C(Integer.SIZE, 0x82F63B78L, CRC32C::new, ChecksumAlgorithm.CRC32_C),
  CRC64NVME(Long.SIZE, Crc64Nvme.POLYNOMIAL, Crc64Nvme::new, ChecksumAlgorithm.CRC64_NVME);

  private final int bits;
  private final long polynomial;
  private final Supplier<Checksum> start;
  private final ChecksumAlgorithm name;

  /// x to the power of 2 to the power of the index: enough for as many bits as a length in bytes
  /// may have.
  private final long[] squares = new long[Long.SIZE + 3];

  Crc(int bits, long polynomial, Supplier<Checksum> start, ChecksumAlgorithm name) {
    this.bits = bits;
    this.polynomial = polynomial;
    this.start = start;
    this.name = name;
    squares[0] = 1L << (bits - 2);
    for (int i = 1; i < squares.length; i++) {
      squares[i] = multiply(squares[i - 1], squares[i - 1]);
    }
  }

  /// As the SDK calls it.
  ChecksumAlgorithm algorithm() {
    return name;
  }

  /// What a store says of an object, as text.
  @Nullable String of(HeadObjectResponse head) {
    return switch (this) {
      case CRC32 -> head.checksumCRC32();
      case CRC32C -> head.checksumCRC32C();
      case CRC64NVME -> head.checksumCRC64NVME();
    };
  }

  /// To be updated; of nothing so far.
  Checksum start() {
    return start.get();
  }

  /// Of all fragments, read where they are.
  long of(BytesChain bytes) {
    Checksum sum = start();
    Fragments.each(bytes, sum::update);
    return sum.getValue();
  }

  /// Of what `first` is of, followed by what `second` is of.
  ///
  /// @param secondBytes how long the latter is, in bytes
  long combine(long first, long second, long secondBytes) {
    // Appending n bytes multiplies by x^(8 n).
    long product = first;
    int square = 3;
    for (long n = secondBytes; n != 0; n >>>= 1) {
      if ((n & 1) != 0) {
        product = multiply(squares[square], product);
      }
      square++;
    }
    return product ^ second;
  }

  /// The product of two polynomials over the field of two elements, modulo this one's.
  private long multiply(long a, long b) {
    long product = 0;
    long term = b;
    for (int bit = bits - 1; bit >= 0; bit--) {
      if ((a >>> bit & 1) != 0) {
        product ^= term;
      }
      term = (term & 1) != 0 ? term >>> 1 ^ polynomial : term >>> 1;
    }
    return product;
  }

  /// Big-endian, in base 64.
  String text(long crc) {
    byte[] all = ByteBuffer.allocate(Long.BYTES).putLong(crc).array();
    return Base64.getEncoder()
        .encodeToString(Arrays.copyOfRange(all, Long.BYTES - bits / Byte.SIZE, Long.BYTES));
  }

  /// The same back; null where it is none: a sum of the parts' sums has their number behind it.
  @Nullable Long parse(@Nullable String text) {
    if (text == null || text.indexOf('-') >= 0) {
      return null;
    }
    long value = 0;
    for (byte each : Base64.getDecoder().decode(text)) {
      value = value << Byte.SIZE | (each & 0xff);
    }
    return value;
  }
}
