package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

final class Crc32Test {
  private static int crc(byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    return (int) crc.getValue();
  }

  @Test
  void sumsOfTwoRunsCombineIntoThatOfBoth() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      byte[] both = new byte[random.nextInt(5000)];
      random.nextBytes(both);
      int cut = random.nextInt(both.length + 1);
      int first = crc(Arrays.copyOf(both, cut));
      int second = crc(Arrays.copyOfRange(both, cut, both.length));
      assertThat(Crc32.combine(first, second, both.length - cut)).isEqualTo(crc(both));
    }
  }

  @Test
  void runsBeyondFourGibibytesCombine() {
    // Zeros twice as long, from those half as long, up to 8 GiB; and the same in one step less.
    int crc = crc(new byte[1 << 20]);
    long size = 1 << 20;
    while (size < 8L << 30) {
      crc = Crc32.combine(crc, crc, size);
      size *= 2;
    }
    int other = 0;
    int mebibyte = crc(new byte[1 << 20]);
    for (int i = 0; i < 8 << 10; i++) {
      other = Crc32.combine(other, mebibyte, 1 << 20);
    }
    assertThat(crc).isEqualTo(other);
  }

  @Test
  void fragmentsSumUpAsOneRun() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    try (BytesChain chain =
        BytesChain.of(
            List.of(
                Bytes.copyOf(Arrays.copyOf(digits, 4)),
                Bytes.empty(),
                Bytes.copyOf(Arrays.copyOfRange(digits, 4, 9))))) {
      // The check value of the catalogue of CRCs.
      assertThat(Crc32.of(chain)).isEqualTo(0xCBF43926);
      assertThat(Crc32.text(Crc32.of(chain))).isEqualTo("y/Q5Jg==");
      assertThat(Crc32.md5(chain)).isEqualTo(Crc32.newMd5().digest(digits));
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
