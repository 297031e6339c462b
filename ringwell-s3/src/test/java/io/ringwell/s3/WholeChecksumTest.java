package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class WholeChecksumTest {
  private static long crc(byte[] bytes, int from, int to) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, to - from);
    return crc.getValue();
  }

  @Test
  void rangesInAnyOrderMakeUpTheWhole() {
    long seed = Long.getLong("ringwell.seed", 1);
    System.out.println("WholeChecksumTest: -Dringwell.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      byte[] content = new byte[1 + random.nextInt(100_000)];
      random.nextBytes(content);
      List<int[]> ranges = new ArrayList<>();
      for (int from = 0; from < content.length; ) {
        int to = Math.min(content.length, from + 1 + random.nextInt(20_000));
        ranges.add(new int[] {from, to});
        from = to;
      }
      Collections.shuffle(ranges, random);
      WholeChecksum whole =
          new WholeChecksum(content.length, Crc.CRC32, crc(content, 0, content.length));
      WholeChecksum other =
          new WholeChecksum(content.length, Crc.CRC32, crc(content, 0, content.length) + 1);
      for (int i = 0; i < ranges.size(); i++) {
        int from = ranges.get(i)[0];
        int to = ranges.get(i)[1];
        boolean last = i == ranges.size() - 1;
        assertThat(whole.isVerified()).isFalse();
        assertThat(whole.add(from, to, crc(content, from, to))).isTrue();
        assertThat(other.add(from, to, crc(content, from, to))).isEqualTo(!last);
      }
      assertThat(whole.isVerified()).isTrue();
      assertThat(other.isVerified()).isFalse();
    }
  }

  @Test
  void rangesThatOverlapAreLeftOut() {
    byte[] content = new byte[1000];
    new Random(1).nextBytes(content);
    WholeChecksum whole = new WholeChecksum(1000, Crc.CRC32, crc(content, 0, 1000));
    assertThat(whole.add(0, 600, crc(content, 0, 600))).isTrue();
    assertThat(whole.add(500, 1000, crc(content, 500, 1000))).isTrue();
    assertThat(whole.add(0, 600, crc(content, 0, 600))).isTrue();
    assertThat(whole.isVerified()).isFalse();
    assertThat(whole.add(600, 1000, crc(content, 600, 1000))).isTrue();
    assertThat(whole.isVerified()).isTrue();
  }
}
