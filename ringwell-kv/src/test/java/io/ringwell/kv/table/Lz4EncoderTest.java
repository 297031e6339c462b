package io.ringwell.kv.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.kv.Trials;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.junit.jupiter.api.Test;

class Lz4EncoderTest {
  private static final int ROUNDS = 2000;
  private static final byte GUARD = 0x5A;

  @Test
  void theReferenceDecodesWhatIsEncoded() {
    Random random = new Random(Trials.seed(Lz4EncoderTest.class));
    LZ4SafeDecompressor reference = LZ4Factory.safeInstance().safeDecompressor();
    int packedBlocks = 0;
    try (Lz4Encoder encoder = new Lz4Encoder()) {
      for (int round = 0; round < ROUNDS; round++) {
        byte[] bytes = Payloads.any(random, Payloads.length(random));
        int most = random.nextBoolean() ? bytes.length : random.nextInt(bytes.length + 1);
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment source = Payloads.at(arena, bytes, 0);
          MemorySegment target = arena.allocate(bytes.length + 16L).fill(GUARD);
          int packed = encoder.encode(source, bytes.length, target, 3, most);
          assertThat(packed).as("round %d", round).isLessThanOrEqualTo(most);
          for (long i = 3L + Math.max(packed, most); i < target.byteSize(); i++) {
            assertThat(target.get(ValueLayout.JAVA_BYTE, i)).isEqualTo(GUARD);
          }
          if (packed >= 0) {
            packedBlocks++;
            byte[] block = target.asSlice(3, packed).toArray(ValueLayout.JAVA_BYTE);
            assertThat(reference.decompress(block, bytes.length)).isEqualTo(bytes);
          }
        }
      }
    }
    assertThat(packedBlocks).isGreaterThan(ROUNDS / 5);
  }

  @Test
  void packsAboutAsWellAsTheReference() {
    Random random = new Random(Trials.seed(Lz4EncoderTest.class));
    byte[] bytes = new byte[64 << 10];
    for (int at = 0; at + 120 <= bytes.length; at += 120) {
      byte[] value = Entries.value(random, 100);
      System.arraycopy(value, 0, bytes, at, value.length);
      Arrays.fill(bytes, at + 100, at + 120, (byte) 'k');
    }
    int reference = LZ4Factory.safeInstance().fastCompressor().compress(bytes).length;
    try (Lz4Encoder encoder = new Lz4Encoder();
        Arena arena = Arena.ofConfined()) {
      MemorySegment source = Payloads.at(arena, bytes, 0);
      MemorySegment target = arena.allocate(bytes.length);
      int packed = encoder.encode(source, bytes.length, target, 0, bytes.length);
      assertThat(packed).isPositive().isLessThan(reference * 21 / 20);
    }
  }

  @Test
  void blocksOfManyTablesShareTheTableOfPositions() {
    Random random = new Random(Trials.seed(Lz4EncoderTest.class));
    LZ4SafeDecompressor reference = LZ4Factory.safeInstance().safeDecompressor();
    byte[] bytes = Payloads.any(random, 6 << 20);
    try (Lz4Encoder encoder = new Lz4Encoder();
        Arena arena = Arena.ofConfined()) {
      MemorySegment source = Payloads.at(arena, bytes, 0);
      MemorySegment target = arena.allocate(bytes.length + 1000L);
      // Past the point from where positions are counted anew: 180 times 6 MiB is more than 1 GiB.
      for (int round = 0; round < 180; round++) {
        int packed = encoder.encode(source, bytes.length, target, 0, bytes.length);
        if (round > 168 && packed > 0) {
          byte[] block = target.asSlice(0, packed).toArray(ValueLayout.JAVA_BYTE);
          assertThat(Arrays.equals(reference.decompress(block, bytes.length), bytes)).isTrue();
        }
      }
    }
  }
}
