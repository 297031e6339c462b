package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Checksum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class CrcTest {
  private static final byte[] DIGITS = "123456789".getBytes(StandardCharsets.US_ASCII);

  private static long sum(Crc kind, byte[] content) {
    Checksum sum = kind.start();
    sum.update(content);
    return sum.getValue();
  }

  private static byte[] random(Random random, int size) {
    byte[] content = new byte[size];
    random.nextBytes(content);
    return content;
  }

  /// The check values of the catalogue of CRCs, of the digits from 1 to 9.
  @ParameterizedTest
  @CsvSource({
    "CRC32, cbf43926, y/Q5Jg==",
    "CRC32C, e3069283, 4waSgw==",
    "CRC64NVME, ae8b14860a799888, rosUhgp5mIg="
  })
  void fragmentsSumUpAsOneRun(Crc kind, String value, String text) {
    long expected = Long.parseUnsignedLong(value, 16);
    try (BytesChain chain =
        BytesChain.of(
            List.of(
                Bytes.copyOf(Arrays.copyOf(DIGITS, 4)),
                Bytes.empty(),
                Bytes.copyOf(Arrays.copyOfRange(DIGITS, 4, 9))))) {
      assertThat(kind.of(chain)).isEqualTo(expected);
      assertThat(kind.text(expected)).isEqualTo(text);
      assertThat(kind.parse(text)).isEqualTo(expected);
      assertThat(kind.parse(text + "-2")).as("of two parts").isNull();
      assertThat(kind.parse(null)).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Crc.class)
  void sumsOfTwoRunsCombineIntoThatOfBoth(Crc kind) {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      byte[] both = random(random, random.nextInt(5000));
      int cut = random.nextInt(both.length + 1);
      long first = sum(kind, Arrays.copyOf(both, cut));
      long second = sum(kind, Arrays.copyOfRange(both, cut, both.length));
      assertThat(kind.combine(first, second, both.length - cut)).isEqualTo(sum(kind, both));
    }
  }

  @ParameterizedTest
  @EnumSource(Crc.class)
  void runsBeyondFourGibibytesCombine(Crc kind) {
    // Zeros twice as long, from those half as long, up to 8 GiB; and the same in one step less.
    long mebibyte = sum(kind, new byte[1 << 20]);
    long crc = mebibyte;
    long size = 1 << 20;
    while (size < 8L << 30) {
      crc = kind.combine(crc, crc, size);
      size *= 2;
    }
    long other = 0;
    for (int i = 0; i < 8 << 10; i++) {
      other = kind.combine(other, mebibyte, 1 << 20);
    }
    assertThat(crc).isEqualTo(other);
  }

  /// Those by the definition: a bit at a time.
  private static long slow(byte[] content) {
    long crc = -1;
    for (byte each : content) {
      crc ^= each & 0xff;
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ Crc64Nvme.POLYNOMIAL : crc >>> 1;
      }
    }
    return ~crc;
  }

  /// Around words, lanes, and what remains of them, at any address.
  @Test
  void lanesAndTablesGiveWhatTheDefinitionGives() {
    Random random = new Random(2);
    for (int size : new int[] {0, 1, 7, 8, 9, 65_535, 65_536, 65_537, 131_072, 200_003}) {
      byte[] content = random(random, size);
      long expected = slow(content);
      assertThat(sum(Crc.CRC64NVME, content)).as("%d bytes", size).isEqualTo(expected);
      ByteBuffer direct = ByteBuffer.allocateDirect(size + 3).position(3).put(content).position(3);
      Checksum sum = Crc.CRC64NVME.start();
      int cut = random.nextInt(size + 1);
      sum.update(direct.duplicate().limit(3 + cut));
      sum.update(direct.position(3 + cut));
      assertThat(sum.getValue()).as("%d bytes, cut at %d", size, cut).isEqualTo(expected);
      assertThat(direct.hasRemaining()).isFalse();
      sum.reset();
      content = Arrays.copyOf(content, Math.min(size, 100));
      for (byte each : content) {
        sum.update(each);
      }
      assertThat(sum.getValue()).isEqualTo(slow(content));
    }
  }

  @Test
  void md5IsThatOfAllFragments() {
    try (BytesChain chain =
        BytesChain.of(List.of(Bytes.copyOf(DIGITS), Bytes.empty(), Bytes.copyOf(DIGITS)))) {
      assertThat(Md5.of(chain))
          .isEqualTo(Md5.start().digest("123456789123456789".getBytes(StandardCharsets.US_ASCII)));
    }
  }

  @Test
  void partsMakeTheEntityTagThatS3MakesOfThem() {
    List<SentPart> parts =
        List.of(
            new SentPart(1, "\"900150983cd24fb0d6963f7d28e17f72\"", 1, 3),
            new SentPart(2, "d41d8cd98f00b204e9800998ecf8427e", 2, 0));
    // printf '900150983cd24fb0d6963f7d28e17f72d41d8cd98f00b204e9800998ecf8427e' | xxd -r -p |
    // md5sum
    assertThat(SentPart.etagOf(parts)).isEqualTo("fdf1fdf1567f6942ffe1743f1e72301e-2");
    assertThat(SentPart.etagOf(List.of(new SentPart(1, "\"opaque\"", 1, 3)))).isEmpty();
  }
}
