package io.ringwell.kv.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.dynatrace.hash4j.hashing.Hashing;
import io.ringwell.kv.Trials;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChecksumTest {
  /// All forms of XXH3 are shorter, or differ only in how often they go around.
  private static final int EVERY_LENGTH = 2300;

  @Test
  void hashesAgreeWithHash4jAtEveryLength() {
    Random random = new Random(Trials.seed(ChecksumTest.class));
    byte[] bytes = new byte[EVERY_LENGTH];
    random.nextBytes(bytes);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = Payloads.at(arena, bytes, 0);
      for (int length = 0; length < EVERY_LENGTH; length++) {
        int offset = Math.min(length % 9, EVERY_LENGTH - length);
        assertThat(Xxh3.hash(memory, offset, length))
            .as("XXH3 of %d", length)
            .isEqualTo(Hashing.xxh3_64().hashBytesToLong(bytes, offset, length));
        assertThat(Xxh64.hash(memory, offset, length))
            .as("XXH64 of %d", length)
            .isEqualTo(Hashing.xxh64().hashBytesToLong(bytes, offset, length));
        assertThat(Xxh32.hash(memory, offset, length))
            .as("XXH32 of %d", length)
            .isEqualTo(Hashing.xxh32().hashBytesToInt(bytes, offset, length));
      }
    }
  }

  @Test
  void hashesAgreeWithHash4jOnLargeBlocks() {
    Random random = new Random(Trials.seed(ChecksumTest.class));
    byte[] bytes = new byte[3 << 20];
    random.nextBytes(bytes);
    MemorySegment memory = MemorySegment.ofArray(bytes);
    for (int round = 0; round < 40; round++) {
      int length = random.nextInt(bytes.length);
      int offset = random.nextInt(bytes.length - length);
      assertThat(Xxh3.hash(memory, offset, length))
          .isEqualTo(Hashing.xxh3_64().hashBytesToLong(bytes, offset, length));
      assertThat(Xxh64.hash(memory, offset, length))
          .isEqualTo(Hashing.xxh64().hashBytesToLong(bytes, offset, length));
      assertThat(Xxh32.hash(memory, offset, length))
          .isEqualTo(Hashing.xxh32().hashBytesToInt(bytes, offset, length));
    }
  }

  @Test
  void crcIsThatOfTheStandardMasked() {
    // RFC 3720, B.4: 32 bytes of zeroes have 8A9136AA; the last of them is the byte more.
    MemorySegment zeroes = MemorySegment.ofArray(new byte[40]);
    int masked = new Checksum(TableChecksum.CRC32C).compute(zeroes, 3, 31);
    int unmasked = Integer.rotateLeft(masked - 0xA282EAD8, 15);
    assertThat(unmasked).isEqualTo(0x8A9136AA);
  }

  @ParameterizedTest
  @EnumSource(value = TableChecksum.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyBitCounts(TableChecksum kind) {
    byte[] bytes = Payloads.any(new Random(7), 300);
    Checksum checksum = new Checksum(kind);
    int right = checksum.compute(MemorySegment.ofArray(bytes), 0, bytes.length - 1);
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] wrong = bytes.clone();
      wrong[bit >>> 3] ^= (byte) (1 << (bit & 7));
      assertThat(checksum.compute(MemorySegment.ofArray(wrong), 0, wrong.length - 1))
          .as("bit %d", bit)
          .isNotEqualTo(right);
    }
  }

  @ParameterizedTest
  @EnumSource(TableChecksum.class)
  void nothingIsReadBeyondTheSegment(TableChecksum kind) {
    MemorySegment memory = MemorySegment.ofArray(new byte[10]);
    Checksum checksum = new Checksum(kind);
    checksum.compute(memory, 1, 8);
    if (kind != TableChecksum.NONE) {
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> checksum.compute(memory, 1, 9));
    }
  }

  @Test
  void memoryThatIsGoneIsRefused() {
    Checksum checksum = new Checksum(TableChecksum.CRC32C);
    MemorySegment memory;
    try (Arena arena = Arena.ofConfined()) {
      memory = arena.allocate(10);
      checksum.compute(memory, 0, 9);
    }
    assertThatIllegalStateException().isThrownBy(() -> checksum.compute(memory, 0, 9));
  }

  @Test
  void contextDependsOnTheWholeOffset() {
    assertThat(Checksum.context(0, 77)).isZero();
    assertThat(Checksum.context(0x1234, 0)).isEqualTo(0x1234);
    assertThat(Checksum.context(0x1234, 1L << 32 | 2)).isEqualTo(0x1234 ^ 3);
  }

  @Test
  void codesAreThoseOfTheFormat() {
    for (TableChecksum kind : TableChecksum.values()) {
      assertThat(TableChecksum.of(kind.code())).isSameAs(kind);
    }
    for (TableCompression kind : TableCompression.values()) {
      assertThat(TableCompression.of(kind.code())).isSameAs(kind);
    }
    assertThat(TableChecksum.of(5)).isNull();
    assertThat(TableChecksum.of(-1)).isNull();
    assertThat(TableCompression.of(3)).isNull();
    assertThat(TableCompression.of(255)).isNull();
    assertThat(TableCompression.ofLevelDb(2)).isSameAs(TableCompression.ZSTD);
    assertThat(TableCompression.ofLevelDb(4)).isNull();
  }

  @Test
  void oneSegmentAfterAnotherIsSeen() {
    byte[] text = "one of a few".getBytes(StandardCharsets.US_ASCII);
    Checksum checksum = new Checksum(TableChecksum.CRC32C);
    int[] results = new int[4];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment first = Payloads.at(arena, text, 0);
      MemorySegment second = Payloads.at(arena, text, 5);
      results[0] = checksum.compute(first, 0, 11);
      results[1] = checksum.compute(second, 5, 11);
      results[2] = checksum.compute(first, 0, 11);
      results[3] = checksum.compute(second, 5, 11);
    }
    assertThat(Arrays.stream(results).distinct().count()).isEqualTo(1);
  }
}
