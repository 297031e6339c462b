package io.ringwell.kv.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.kv.KvIterator;
import io.ringwell.kv.Trials;
import io.ringwell.kv.table.RocksTables.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ChecksumType;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;

/// Tables with bits flipped, parts cut off, and parts of one in the place of another's: what is
/// read is right, or refused by name and place.
class MutatedTableTest {
  private static final long SEED = Trials.seed(MutatedTableTest.class);

  /// 1 MiB is what the tables below can have any use for.
  private static final TableOptions BOUNDED =
      TableOptions.defaults().withMaxBlockBytes(1 << 20).withMaxIndexBytes(1 << 20);

  @TempDir static Path directory;
  private static Engine engine;

  /// Of one shape: the table, and others to take parts from.
  private static final class Original {
    final String shape;
    final byte[] bytes;
    final byte[] other;
    final NavigableMap<byte[], byte[]> entries;
    final boolean summed;

    Original(
        String shape,
        byte[] bytes,
        byte[] other,
        NavigableMap<byte[], byte[]> entries,
        boolean summed) {
      this.shape = shape;
      this.bytes = bytes;
      this.other = other;
      this.entries = entries;
      this.summed = summed;
    }
  }

  private static final List<Original> ORIGINALS = new ArrayList<>();

  @BeforeAll
  static void write() throws Exception {
    engine = Engine.open();
    Random random = new Random(SEED);
    List<ChecksumType> sums =
        List.of(ChecksumType.kNoChecksum, ChecksumType.kCRC32c, ChecksumType.kXXH3);
    List<CompressionType> codecs =
        List.of(
            CompressionType.NO_COMPRESSION,
            CompressionType.LZ4_COMPRESSION,
            CompressionType.ZSTD_COMPRESSION,
            CompressionType.SNAPPY_COMPRESSION,
            CompressionType.ZLIB_COMPRESSION);
    for (ChecksumType sum : sums) {
      for (CompressionType codec : codecs) {
        int version = 2 + random.nextInt(6);
        IndexType index =
            List.of(
                    IndexType.kBinarySearch,
                    IndexType.kTwoLevelIndexSearch,
                    IndexType.kBinarySearchWithFirstKey)
                .get(random.nextInt(3));
        NavigableMap<byte[], byte[]> entries = Entries.random(random, 80, 40);
        byte[] bytes = bytes(sum, codec, version, index, entries);
        byte[] other = bytes(sum, codec, version, index, Entries.random(random, 80, 40));
        ORIGINALS.add(
            new Original(
                sum + " " + codec + " " + version + " " + index,
                bytes,
                other,
                entries,
                sum != ChecksumType.kNoChecksum));
      }
    }
  }

  private static byte[] bytes(
      ChecksumType sum,
      CompressionType codec,
      int version,
      IndexType index,
      NavigableMap<byte[], byte[]> entries)
      throws Exception {
    try (Shape shape = new Shape().checksum(sum).compression(codec).version(version).index(index)) {
      shape.table.setBlockSize(200);
      Path file = directory.resolve("table.sst");
      RocksTables.write(file, shape, entries);
      return Files.readAllBytes(file);
    }
  }

  @AfterAll
  static void close() {
    OpenAheadTest.awaitEmpty(engine.pool());
    engine.close();
  }

  private static byte[] mutate(Original original, Random random) {
    byte[] bytes = original.bytes.clone();
    switch (random.nextInt(6)) {
      case 0 -> {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      case 1 -> {
        // A part of the other table, in its own place or another.
        byte[] other = original.other;
        int length = 1 + random.nextInt(Math.min(300, Math.min(bytes.length, other.length)));
        int from = random.nextInt(other.length - length + 1);
        int to =
            random.nextBoolean() && from + length <= bytes.length
                ? from
                : random.nextInt(bytes.length - length + 1);
        System.arraycopy(other, from, bytes, to, length);
      }
      case 2 -> {
        int length = 1 + random.nextInt(Math.min(300, bytes.length));
        int from = random.nextInt(bytes.length - length + 1);
        int to = random.nextInt(bytes.length - length + 1);
        System.arraycopy(original.bytes, from, bytes, to, length);
      }
      case 3 -> {
        // The end is where most of what is believed stands.
        int at = bytes.length - 1 - random.nextInt(Math.min(1200, bytes.length));
        bytes[at] = (byte) random.nextInt();
      }
      default -> {
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
    }
    return bytes;
  }

  /// Whether it was read; what was read is right then.
  private static boolean read(Original original, byte[] bytes, Random random) throws IOException {
    try (Table table = Table.open(engine, new HeldSource(bytes), BOUNDED);
        KvIterator at = table.iterator()) {
      boolean trusted = original.summed && table.checksum() != TableChecksum.NONE;
      if (random.nextBoolean()) {
        if (trusted) {
          Entries.checkForward(at, original.entries);
        } else {
          checkOrder(at, true);
        }
      } else if (trusted) {
        at.seekToEnd();
        Entries.checkBackward(at, original.entries);
      } else {
        at.seekToEnd();
        checkOrder(at, false);
      }
      at.seek(Entries.segment(original.entries.lastKey()));
      at.next();
      return true;
    } catch (TableException e) {
      assertThat(e.file()).isEqualTo("held");
      assertThat(e.offset()).isBetween(0L, (long) original.bytes.length);
      assertThat(e.getMessage()).startsWith("held: " + e.block() + " at " + e.offset() + ": ");
      return false;
    }
  }

  private static void checkOrder(KvIterator at, boolean forward) throws IOException {
    byte[] before = null;
    while (forward ? at.next() : at.previous()) {
      byte[] key = Entries.key(at);
      if (before != null) {
        int order = Arrays.compareUnsigned(before, key);
        assertThat(forward ? order : -order).isLessThanOrEqualTo(0);
      }
      before = key;
    }
  }

  private static void run(int rounds, long end) throws IOException {
    Random random = new Random(SEED);
    int refused = 0;
    int round = 0;
    for (; round < rounds && System.nanoTime() - end < 0; round++) {
      Original original = ORIGINALS.get(round % ORIGINALS.size());
      byte[] bytes = mutate(original, random);
      try {
        refused += read(original, bytes, random) ? 0 : 1;
      } catch (Throwable e) {
        throw new AssertionError("round " + round + ", " + original.shape, e);
      }
    }
    System.out.println(round + " mutated tables, " + refused + " refused");
    assertThat(refused).isPositive();
  }

  @Test
  void aMutatedTableIsRefusedOrReadRightly() throws Exception {
    run(10_000, Long.MAX_VALUE);
  }

  @Test
  @Tag("soak")
  void aMillionMutatedTablesAreRefusedOrReadRightly() throws Exception {
    run(1_000_000, Trials.soakEnd());
  }

  @Test
  void theOriginalsAreReadWhole() throws Exception {
    Random random = new Random(SEED);
    for (Original original : ORIGINALS) {
      assertThat(read(original, original.bytes, random)).isTrue();
    }
  }
}
