package io.ringwell.kv.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ringwell.engine.Engine;
import io.ringwell.kv.KvIterator;
import io.ringwell.kv.Retained;
import io.ringwell.kv.Trials;
import io.ringwell.kv.table.RocksTables.Shape;
import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;

/// Blocks that are looked up, and are in memory when they are looked up again.
class BlockCacheTest {
  private static final long SEED = Trials.seed(BlockCacheTest.class);

  /// A table, and what messages call it.
  record Written(String name, Path file) {
    HeldSource open() throws IOException {
      return new HeldSource(Files.readAllBytes(file));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @TempDir static Path directory;
  private static final List<Written> TABLES = new ArrayList<>();
  private static Engine engine;
  private static NavigableMap<byte[], byte[]> entries;
  private static List<byte[]> keys;

  @BeforeAll
  static void write() throws Exception {
    engine = Engine.open();
    entries = Entries.random(new Random(SEED), 3000, 150);
    keys = List.copyOf(entries.keySet());
    for (IndexType index : List.of(IndexType.kBinarySearch, IndexType.kTwoLevelIndexSearch)) {
      for (CompressionType codec :
          List.of(CompressionType.NO_COMPRESSION, CompressionType.LZ4_COMPRESSION)) {
        try (Shape shape = new Shape().index(index).compression(codec)) {
          Path file = directory.resolve(TABLES.size() + ".sst");
          RocksTables.write(file, shape, entries);
          TABLES.add(new Written(shape.toString(), file));
        }
      }
    }
  }

  @AfterAll
  static void close() {
    OpenAheadTest.awaitEmpty(engine.pool());
    engine.close();
  }

  static List<Written> tables() {
    return TABLES;
  }

  private static TableOptions cached(BlockCache cache) {
    return TableOptions.defaults().withCache(cache);
  }

  private static void get(Table table, List<byte[]> asked) throws IOException {
    List<@Nullable Bytes> values = table.multiGet(asked.stream().map(Entries::segment).toList());
    for (int i = 0; i < asked.size(); i++) {
      try (Bytes value = values.get(i)) {
        assertThat(value).isNotNull();
        assertThat(value.toArray()).isEqualTo(entries.get(asked.get(i)));
      }
    }
  }

  private static void seek(KvIterator at, byte[] key) throws IOException {
    at.seek(Entries.segment(key));
    assertThat(at.next()).isTrue();
    Entries.checkEntry(at, key, entries.get(key));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void whatWasLookedUpIsReadOnce(Written written) throws Exception {
    HeldSource source = written.open();
    try (BlockCache cache = BlockCache.ofMaxBytes(8 << 20);
        Table table = Table.open(engine, source, cached(cache));
        KvIterator at = table.iterator()) {
      get(table, keys);
      int reads = source.reads();
      assertThat(cache.hits()).isZero();
      get(table, keys);
      for (int i = 0; i < keys.size(); i += 100) {
        get(table, keys.subList(i, i + 1));
        seek(at, keys.get(i));
      }
      assertThat(source.reads()).isEqualTo(reads);
      assertThat(cache.hits()).isGreaterThan(table.properties().dataBlocks());
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aScanPushesNothingOut(Written written) throws Exception {
    HeldSource source = written.open();
    try (BlockCache cache = BlockCache.ofMaxBytes(256 << 10);
        Table table = Table.open(engine, source, cached(cache));
        KvIterator at = table.iterator()) {
      List<byte[]> some = keys.subList(1000, 1500);
      get(table, some);
      for (int i = 0; i < 3; i++) {
        Entries.checkForward(at, entries);
        Entries.checkBackward(at, entries);
      }
      int reads = source.reads();
      get(table, some);
      assertThat(source.reads()).isEqualTo(reads);
    }
  }

  /// From a block of the cache on to others, both ways.
  @ParameterizedTest
  @MethodSource("tables")
  void aScanGoesOnFromABlockThatWasKept(Written written) throws Exception {
    Random random = new Random(SEED);
    try (BlockCache cache = BlockCache.ofMaxBytes(8 << 20);
        Table table = Table.open(engine, written.open(), cached(cache))) {
      get(table, keys.subList(0, 2000));
      Entries.check(table, entries, random);
      assertThat(cache.hits()).isPositive();
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void whatReadersHoldIsWithinTheBoundAndOutlivesTheCache(Written written) throws Exception {
    List<Retained> kept = new ArrayList<>();
    List<byte[]> asked = new ArrayList<>();
    try (Table table =
        Table.open(engine, written.open(), cached(BlockCache.ofMaxBytes(64 << 10)))) {
      BlockCache cache = table.cache();
      assertThat(cache).isNotNull();
      try (KvIterator at = table.iterator()) {
        for (int i = 0; i < keys.size(); i += 20) {
          // The second time it is come to, it lies in the cache, unless others hold all of that.
          seek(at, keys.get(i));
          seek(at, keys.get(i));
          kept.add(at.retain());
          asked.add(keys.get(i));
          assertThat(cache.heldBytes()).isLessThanOrEqualTo(cache.maxBytes());
        }
        assertThat(cache.hits()).isPositive();
        assertThat(cache.heldBytes()).isPositive();
      }
      cache.close();
      assertThat(cache.bytes()).isZero();
      get(table, asked);
      for (int i = 0; i < kept.size(); i++) {
        try (Retained each = kept.get(i)) {
          assertThat(each.value().toArray()).isEqualTo(entries.get(asked.get(i)));
        }
      }
      assertThat(cache.heldBytes()).isZero();
    }
  }

  @Test
  void aTableThatIsClosedLeavesNothing() throws Exception {
    try (BlockCache cache = BlockCache.ofMaxBytes(8 << 20)) {
      try (Table stays = Table.open(engine, TABLES.getFirst().open(), cached(cache))) {
        get(stays, keys.subList(0, 100));
        long before = cache.bytes();
        for (Written each : TABLES) {
          try (Table goes = Table.open(engine, each.open(), cached(cache))) {
            get(goes, keys);
            assertThat(cache.bytes()).isGreaterThan(before);
          }
          assertThat(cache.bytes()).isEqualTo(before);
        }
      }
      assertThat(cache.bytes()).isZero();
      assertThat(cache.heldBytes()).isZero();
    }
  }

  @Test
  void manyThreadsShareASmallCache() throws Exception {
    try (BlockCache cache = BlockCache.ofMaxBytes(128 << 10);
        Table table = Table.open(engine, TABLES.getLast().open(), cached(cache));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Random random = new Random(SEED + i);
        running.add(
            threads.submit(() -> {
              try (KvIterator at = table.iterator()) {
                for (int round = 0; round < 200; round++) {
                  int from = random.nextInt(keys.size() - 20);
                  get(table, keys.subList(from, from + random.nextInt(20)));
                  seek(at, keys.get(from));
                }
              }
              return null;
            }));
      }
      for (Future<?> each : running) {
        each.get();
      }
      assertThat(cache.hits()).isPositive();
      assertThat(cache.heldBytes()).isLessThanOrEqualTo(cache.maxBytes());
    }
  }

  @Test
  void aBlockThatIsLargeBesideTheBoundIsNotKept() throws Exception {
    NavigableMap<byte[], byte[]> large = Entries.none();
    large.put(new byte[] {1}, new byte[20 << 10]);
    Path file = directory.resolve("large.sst");
    try (Shape shape = new Shape()) {
      RocksTables.write(file, shape, large);
    }
    try (BlockCache cache = BlockCache.ofMaxBytes(64 << 10);
        Table table = Table.open(engine, file, cached(cache))) {
      MemorySegment key = Entries.segment(new byte[] {1});
      for (int i = 0; i < 2; i++) {
        try (Bytes value = table.multiGet(List.of(key)).getFirst()) {
          assertThat(value).isNotNull();
          assertThat(value.size()).isEqualTo(20 << 10);
        }
      }
      assertThat(cache.bytes()).isZero();
      assertThat(cache.misses()).isEqualTo(2);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BlockCache.ofMaxBytes(1000))
        .withMessage("maxBytes must be at least 65536, not 1000");
  }
}
