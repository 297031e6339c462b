package io.ringwell.kv.table;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.sun.management.ThreadMXBean;
import io.ringwell.kv.Trials;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.Snappy;

class CompressionTest {
  private static final int GUARD = 64;
  private static final byte GUARD_BYTE = 0x5A;
  private static final int ROUNDS = 400;
  private static final int MUTATIONS = 4000;

  @ParameterizedTest
  @EnumSource(TableCompression.class)
  void decodesWhatTheReferenceEncodes(TableCompression kind) throws IOException {
    Random random = new Random(Trials.seed(CompressionTest.class));
    try (Compression compression = Compression.rocksDb(null)) {
      for (int round = 0; round < ROUNDS; round++) {
        byte[] bytes = Payloads.any(random, Payloads.length(random));
        byte[] packed = block(kind, bytes);
        try (Arena arena = Arena.ofConfined()) {
          int offset = random.nextInt(9);
          MemorySegment source = Payloads.at(arena, packed, offset);
          int length = compression.decodedLength(kind, source, offset, packed.length);
          assertThat(length).isEqualTo(bytes.length);
          Guarded target = new Guarded(arena, length, random.nextInt(9));
          compression.decode(
              kind, source, offset, packed.length, target.memory, target.offset, length);
          assertThat(target.contents()).as("round %d", round).isEqualTo(bytes);
          target.check();
        }
      }
    }
  }

  @Test
  void decodesWithADictionary() throws IOException {
    Random random = new Random(Trials.seed(CompressionTest.class));
    byte[] dictionary = new byte[20_000];
    random.nextBytes(dictionary);
    try (Compression compression = Compression.rocksDb(dictionary);
        Compression without = Compression.rocksDb(null)) {
      for (int round = 0; round < ROUNDS / 4; round++) {
        // Pieces of the dictionary, and what is new.
        byte[] bytes = Payloads.any(random, 500 + random.nextInt(4000));
        for (int i = 0; i < 5; i++) {
          int from = random.nextInt(dictionary.length - 400);
          int run = 4 + random.nextInt(300);
          System.arraycopy(dictionary, from, bytes, random.nextInt(bytes.length - run), run);
        }
        for (TableCompression kind :
            new TableCompression[] {TableCompression.ZSTD, TableCompression.ZLIB}) {
          byte[] packed = withPrefix(bytes.length, packedWith(kind, bytes, dictionary));
          assertThat(decoded(compression, kind, packed)).isEqualTo(bytes);
          try {
            assertThat(decoded(without, kind, packed)).isNotEqualTo(bytes);
          } catch (BadBlockException e) {
            assertThat(e).hasMessageContaining(kind == TableCompression.ZSTD ? "zstd" : "zlib");
          }
        }
      }
    }
  }

  @Test
  void anLz4MatchReachesBackIntoTheDictionary() throws IOException {
    // One literal, then a match of eight from three before the block on: "xyz" of the dictionary,
    // "a", and once more. Then the last literals.
    byte[] packed = {14, 0x14, 'a', 4, 0, 0x50, 'l', 'm', 'n', 'o', 'p'};
    try (Compression compression = Compression.rocksDb(new byte[] {'w', 'x', 'y', 'z'});
        Compression shorter = Compression.rocksDb(new byte[] {'y', 'z'})) {
      assertThat(new String(decoded(compression, TableCompression.LZ4, packed), US_ASCII))
          .isEqualTo("axyzaxyzalmnop");
      assertThatExceptionOfType(BadBlockException.class)
          .isThrownBy(() -> decoded(shorter, TableCompression.LZ4, packed))
          .withMessageContaining("begins before the block");
    }
  }

  @Test
  void aLevelDbBlockOfZstdTellsItsLengthItself() throws IOException {
    byte[] bytes = Payloads.any(new Random(3), 3000);
    try (Compression compression = Compression.levelDb()) {
      assertThat(decoded(compression, TableCompression.ZSTD, Zstd.compress(bytes)))
          .isEqualTo(bytes);
      assertThat(decoded(compression, TableCompression.SNAPPY, Snappy.compress(bytes)))
          .isEqualTo(bytes);
    }
  }

  /// Whatever comes, it is decoded to the right length or refused, and no byte beside the target is
  /// written.
  @ParameterizedTest
  @EnumSource(value = TableCompression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void hostileInputStaysWithinTheTarget(TableCompression kind) throws IOException {
    hostile(kind, MUTATIONS, Long.MAX_VALUE);
  }

  @Tag("soak")
  @ParameterizedTest
  @EnumSource(value = TableCompression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void hostileInputStaysWithinTheTargetForLong(TableCompression kind) throws IOException {
    hostile(kind, Trials.rounds(MUTATIONS), Trials.soakEnd());
  }

  private static void hostile(TableCompression kind, int rounds, long end) throws IOException {
    Random random = new Random(Trials.seed(CompressionTest.class) * 31 + kind.code());
    int refused = 0;
    try (Compression compression = Compression.rocksDb(null)) {
      byte[] packed = block(kind, Payloads.any(random, 900));
      for (int round = 0; round < rounds && System.nanoTime() - end < 0; round++) {
        if (round % 50 == 0) {
          packed = block(kind, Payloads.any(random, random.nextInt(2000)));
        }
        byte[] broken = mutated(random, packed);
        try (Arena own = Arena.ofConfined()) {
          MemorySegment source = Payloads.at(own, broken, 0);
          int length = compression.decodedLength(kind, source, 0, broken.length);
          if (length > 100_000) {
            length = random.nextInt(3000);
          }
          Guarded target = new Guarded(own, length, 0);
          try {
            compression.decode(kind, source, 0, broken.length, target.memory, GUARD, length);
          } finally {
            target.check();
          }
        } catch (BadBlockException e) {
          refused++;
          assertThat(e.getMessage()).isNotEmpty();
        }
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void aLengthThatLiesIsRefused() {
    Random random = new Random(5);
    byte[] bytes = Payloads.any(random, 1000);
    for (TableCompression kind : TableCompression.values()) {
      for (int claimed : new int[] {0, 1, 999, 1001, 5000}) {
        try (Compression compression = Compression.rocksDb(null);
            Arena arena = Arena.ofConfined()) {
          byte[] packed = block(kind, bytes);
          MemorySegment source = Payloads.at(arena, packed, 0);
          Guarded target = new Guarded(arena, claimed, 0);
          assertThatExceptionOfType(BadBlockException.class)
              .as("%s to %d", kind, claimed)
              .isThrownBy(() ->
                  compression.decode(
                      kind, source, 0, packed.length, target.memory, GUARD, claimed));
          target.check();
        }
      }
    }
  }

  @Test
  void aLengthBeyondAnyBlockIsRefusedBeforeMemoryIsTaken() {
    byte[] packed = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F, 0};
    byte[] endless = {-1, -1, -1, -1, -1, -1, -1};
    try (Compression compression = Compression.rocksDb(null)) {
      assertThatExceptionOfType(BadBlockException.class)
          .isThrownBy(() -> decoded(compression, TableCompression.LZ4, packed))
          .withMessageContaining("claims to decode to");
      assertThatExceptionOfType(BadBlockException.class)
          .isThrownBy(() -> decoded(compression, TableCompression.ZSTD, endless))
          .withMessageContaining("does not begin with its length");
    }
  }

  @ParameterizedTest
  @EnumSource(TableCompression.class)
  void decodingAllocatesNothing(TableCompression kind) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] bytes = Payloads.any(new Random(11), 4096);
    byte[] packed = block(kind, bytes);
    try (Compression compression = Compression.rocksDb(null);
        Arena arena = Arena.ofConfined()) {
      MemorySegment source = Payloads.at(arena, packed, 0);
      MemorySegment target = arena.allocate(bytes.length);
      long least = Long.MAX_VALUE;
      for (int attempt = 0; attempt < 20 && least > 0; attempt++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 200; i++) {
          int length = compression.decodedLength(kind, source, 0, packed.length);
          compression.decode(kind, source, 0, packed.length, target, 0, length);
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(least).isZero();
    }
  }

  private static byte[] decoded(Compression compression, TableCompression kind, byte[] packed)
      throws BadBlockException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment source = Payloads.at(arena, packed, 0);
      int length = compression.decodedLength(kind, source, 0, packed.length);
      Guarded target = new Guarded(arena, length, 0);
      compression.decode(kind, source, 0, packed.length, target.memory, GUARD, length);
      target.check();
      return target.contents();
    }
  }

  /// As a RocksDB block holds it.
  private static byte[] block(TableCompression kind, byte[] bytes) {
    try {
      return switch (kind) {
        case NONE -> bytes;
        case SNAPPY -> Snappy.compress(bytes);
        default -> withPrefix(bytes.length, packedWith(kind, bytes, new byte[0]));
      };
    } catch (IOException e) {
      return fail(e);
    }
  }

  private static byte[] packedWith(TableCompression kind, byte[] bytes, byte[] dictionary) {
    return switch (kind) {
      case LZ4 -> LZ4Factory.safeInstance().fastCompressor().compress(bytes);
      case LZ4HC -> LZ4Factory.safeInstance().highCompressor().compress(bytes);
      case ZSTD -> {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
          if (dictionary.length > 0) {
            context.loadDict(dictionary);
          }
          yield context.compress(bytes);
        }
      }
      case ZLIB -> {
        Deflater deflater = new Deflater(6, true);
        if (dictionary.length > 0) {
          deflater.setDictionary(dictionary);
        }
        deflater.setInput(bytes);
        deflater.finish();
        byte[] packed = new byte[bytes.length * 2 + 100];
        int length = deflater.deflate(packed);
        deflater.end();
        yield Arrays.copyOf(packed, length);
      }
      default -> throw new AssertionError(kind);
    };
  }

  private static byte[] withPrefix(int length, byte[] packed) {
    byte[] block = new byte[packed.length + 5];
    int at = 0;
    int left = length;
    for (; left > 127; left >>>= 7) {
      block[at++] = (byte) (left | 128);
    }
    block[at++] = (byte) left;
    System.arraycopy(packed, 0, block, at, packed.length);
    return Arrays.copyOf(block, at + packed.length);
  }

  private static byte[] mutated(Random random, byte[] packed) {
    byte[] broken = packed.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes && broken.length > 0; i++) {
      int at = random.nextInt(broken.length);
      switch (random.nextInt(4)) {
        case 0 -> broken[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> broken[at] = (byte) (random.nextBoolean() ? -1 : random.nextInt());
        case 2 -> broken = Arrays.copyOf(broken, at);
        default -> {
          int from = random.nextInt(broken.length);
          int run = Math.min(random.nextInt(40), broken.length - Math.max(at, from));
          System.arraycopy(broken, from, broken, at, run);
        }
      }
    }
    return broken;
  }

  /// Room for a block, with bytes around it that must not change.
  private static final class Guarded {
    final MemorySegment memory;
    final long offset;
    private final int length;

    Guarded(Arena arena, int length, int shift) {
      this.memory = arena.allocate(length + 2L * GUARD + shift).fill(GUARD_BYTE);
      this.offset = (long) GUARD + shift;
      this.length = length;
    }

    byte[] contents() {
      return memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    void check() {
      for (long i = 0; i < memory.byteSize(); i++) {
        if ((i < offset || i >= offset + length)
            && memory.get(ValueLayout.JAVA_BYTE, i) != GUARD_BYTE) {
          fail("a byte beside the target was written, at " + (i - offset) + " of " + length);
        }
      }
    }
  }
}
