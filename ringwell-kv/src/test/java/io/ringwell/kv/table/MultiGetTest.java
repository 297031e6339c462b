package io.ringwell.kv.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.Engine;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.OpenOptions;
import io.ringwell.kv.Trials;
import io.ringwell.kv.table.RocksTables.Shape;
import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;

/// Many keys at once.
class MultiGetTest {
  private static final long SEED = Trials.seed(MultiGetTest.class);

  @TempDir static Path directory;
  private static Engine engine;
  private static NavigableMap<byte[], byte[]> entries;
  private static final List<Path> FILES = new ArrayList<>();

  @BeforeAll
  static void write() throws Exception {
    engine = Engine.open();
    Random random = new Random(SEED);
    entries = Entries.random(random, 8_000, 150);
    entries.entrySet().stream()
        .filter(each -> each.getKey().length % 7 == 1)
        .forEach(each -> each.setValue(null));
    for (IndexType index : List.of(IndexType.kBinarySearch, IndexType.kTwoLevelIndexSearch)) {
      for (CompressionType compression :
          List.of(CompressionType.NO_COMPRESSION, CompressionType.ZSTD_COMPRESSION)) {
        for (boolean filtered : new boolean[] {false, true}) {
          try (Shape shape = new Shape().index(index).compression(compression)) {
            if (filtered) {
              shape.table.setFilterPolicy(new BloomFilter(10));
              shape.table.setPartitionFilters(index == IndexType.kTwoLevelIndexSearch);
            }
            Path file = directory.resolve(FILES.size() + ".sst");
            RocksTables.write(file, shape, entries);
            FILES.add(file);
          }
        }
      }
    }
  }

  @AfterAll
  static void close() {
    assertThat(engine.pool().stats().inUseBytes()).isZero();
    engine.close();
  }

  private static List<byte[]> keys(Random random, int count) {
    List<byte[]> known = new ArrayList<>(entries.keySet());
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] key = known.get(random.nextInt(known.size()));
      keys.add(random.nextInt(4) == 0 ? Arrays.copyOf(key, key.length + 1) : key);
    }
    return keys;
  }

  private static void check(Table table, List<byte[]> keys) throws IOException {
    List<MemorySegment> asked = keys.stream().map(Entries::segment).toList();
    List<@Nullable Bytes> values = table.multiGet(asked);
    assertThat(values).hasSameSizeAs(keys);
    for (int i = 0; i < keys.size(); i++) {
      byte[] expected = entries.get(keys.get(i));
      Bytes value = values.get(i);
      if (value == null) {
        assertThat(expected).isNull();
      } else {
        assertThat(value.toArray()).isEqualTo(expected);
        value.close();
      }
    }
  }

  @Test
  void everyKeyHasItsValue() throws Exception {
    Random random = new Random(SEED);
    for (Path file : FILES) {
      try (Table table = Table.open(engine, file, TableOptions.defaults())) {
        for (int count : new int[] {0, 1, 2, 100, 3000}) {
          check(table, keys(random, count));
        }
      }
    }
  }

  @Test
  void theSameByDirectReads() throws Exception {
    Random random = new Random(SEED);
    for (Path file : FILES) {
      try (AsyncFile direct = AsyncFile.open(engine, file, OpenOptions.read().direct());
          Table table = Table.open(direct, TableOptions.defaults())) {
        check(table, keys(random, 3000));
      }
    }
  }

  @Test
  void theSameFromASource() throws Exception {
    Random random = new Random(SEED);
    for (Path file : FILES) {
      try (Table table =
          Table.open(engine, new HeldSource(Files.readAllBytes(file)), TableOptions.defaults())) {
        check(table, keys(random, 3000));
      }
    }
  }

  @Test
  void aFailedReadFailsTheWholeAndLosesNoMemory() throws Exception {
    Random random = new Random(SEED);
    HeldSource source = new HeldSource(Files.readAllBytes(FILES.getFirst()));
    try (Table table = Table.open(engine, source, TableOptions.defaults())) {
      source.fail(true);
      List<MemorySegment> asked = keys(random, 500).stream().map(Entries::segment).toList();
      assertThatThrownBy(() -> table.multiGet(asked))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("held fails at");
      source.fail(false);
      check(table, keys(random, 500));
    }
  }

  @Test
  void everyKeyHasItsValueFromACacheToo() throws Exception {
    Random random = new Random(SEED);
    for (int bytes : new int[] {64 << 10, 8 << 20}) {
      try (BlockCache cache = BlockCache.ofMaxBytes(bytes)) {
        for (Path file : FILES) {
          try (Table table = Table.open(engine, file, TableOptions.defaults().withCache(cache))) {
            for (int count : new int[] {1, 500, 3000, 500}) {
              check(table, keys(random, count));
              assertThat(cache.heldBytes()).isLessThanOrEqualTo(cache.maxBytes());
            }
          }
        }
        assertThat(cache.hits()).isPositive();
      }
    }
  }
}
