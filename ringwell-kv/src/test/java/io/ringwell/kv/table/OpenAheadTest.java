package io.ringwell.kv.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.kv.KvIterator;
import io.ringwell.kv.Retained;
import io.ringwell.kv.Trials;
import io.ringwell.kv.table.RocksTables.Shape;
import io.ringwell.memory.BufferPool;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;

/// Scans whose blocks are opened by helpers before they come there.
class OpenAheadTest {
  private static final long SEED = Trials.seed(OpenAheadTest.class);

  /// Also where there is one processor only.
  private static final TableOptions HELPED = TableOptions.defaults().withHelpers(2);

  @TempDir Path directory;

  /// Returns when helpers have left what was closed while they were in it.
  static void awaitEmpty(BufferPool pool) {
    while (pool.stats().inUseBytes() != 0) {
      Thread.onSpinWait();
    }
  }

  private byte[] table(NavigableMap<byte[], byte[]> entries, CompressionType codec, IndexType index)
      throws Exception {
    try (Shape shape = new Shape().compression(codec).index(index)) {
      shape.table.setBlockSize(1000);
      Path file = directory.resolve("table.sst");
      RocksTables.write(file, shape, entries);
      return Files.readAllBytes(file);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = CompressionType.class,
      names = {"NO_COMPRESSION", "LZ4_COMPRESSION", "ZSTD_COMPRESSION"})
  void theTableIsReadAsWithoutHelpers(CompressionType codec) throws Exception {
    Random random = new Random(SEED);
    NavigableMap<byte[], byte[]> entries = Entries.random(random, 2000, 200);
    try (Engine engine = Engine.open()) {
      for (IndexType index : List.of(IndexType.kBinarySearch, IndexType.kTwoLevelIndexSearch)) {
        HeldSource source = new HeldSource(table(entries, codec, index));
        try (Table table = Table.open(engine, source, HELPED)) {
          Entries.check(table, entries, random);
          assertThat(TableCheck.verify(table).entries()).isEqualTo(entries.size());
        }
      }
      awaitEmpty(engine.pool());
    }
  }

  @Test
  void aScanGoesOnWhereItsReadsAreLate() throws Exception {
    Random random = new Random(SEED);
    NavigableMap<byte[], byte[]> entries = Entries.random(random, 3000, 200);
    for (IndexType index : List.of(IndexType.kBinarySearch, IndexType.kTwoLevelIndexSearch)) {
      HeldSource source = new HeldSource(table(entries, CompressionType.LZ4_COMPRESSION, index));
      try (Engine engine = Engine.open();
          Table table = Table.open(engine, source, HELPED);
          KvIterator at = table.iterator()) {
        source.hold(true);
        for (Map.Entry<byte[], byte[]> each : entries.entrySet()) {
          int result;
          while ((result = at.poll()) == KvIterator.PENDING) {
            if (source.count() > 0) {
              source.letGo(random);
            } else {
              at.await();
            }
          }
          assertThat(result).isEqualTo(KvIterator.ENTRY);
          Entries.checkEntry(at, each.getKey(), each.getValue());
        }
        source.hold(false);
        assertThat(at.next()).isFalse();
      }
    }
  }

  @Test
  void whatIsWrongInABlockIsToldWhenTheScanComesThere() throws Exception {
    NavigableMap<byte[], byte[]> entries = Entries.random(new Random(SEED), 2000, 200);
    byte[] bytes = table(entries, CompressionType.LZ4_COMPRESSION, IndexType.kBinarySearch);
    List<Long> starts = new ArrayList<>();
    try (Engine engine = Engine.open();
        Table table = Table.open(engine, new HeldSource(bytes), HELPED)) {
      TableCheck.index(table, (offset, size, separator) -> starts.add(offset));
    }
    long broken = starts.get(starts.size() / 2);
    bytes[(int) broken + 100] ^= 1;
    try (Engine engine = Engine.open();
        Table table = Table.open(engine, new HeldSource(bytes), HELPED);
        KvIterator at = table.iterator()) {
      int met = walk(at);
      try (Table alone =
              Table.open(engine, new HeldSource(bytes), TableOptions.defaults().withHelpers(0));
          KvIterator before = alone.iterator()) {
        assertThat(met).isEqualTo(walk(before)).isGreaterThan(entries.size() / 4);
      }
      assertThatThrownBy(at::poll)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has failed");
      at.seekToEnd();
      assertThat(at.previous()).isTrue();
      Entries.checkEntry(at, entries.lastKey(), entries.lastEntry().getValue());
    }
  }

  /// How many entries there are before what is damaged.
  private static int walk(KvIterator at) {
    int[] met = {0};
    assertThatThrownBy(
            () -> {
              while (at.next()) {
                met[0]++;
              }
            })
        .isInstanceOf(TableException.class)
        .hasMessageContaining("checksum");
    return met[0];
  }

  @Test
  void readsThatFailAheadAreToldWhenTheScanComesThere() throws Exception {
    NavigableMap<byte[], byte[]> entries = Entries.random(new Random(SEED), 10_000, 200);
    HeldSource source =
        new HeldSource(table(entries, CompressionType.LZ4_COMPRESSION, IndexType.kBinarySearch));
    try (Engine engine = Engine.open();
        Table table = Table.open(engine, source, HELPED);
        KvIterator at = table.iterator()) {
      for (int i = 0; i < entries.size() / 50; i++) {
        assertThat(at.next()).isTrue();
      }
      source.fail(true);
      assertThatThrownBy(
              () -> {
                while (at.next()) {
                  assertThat(at.isValid()).isTrue();
                }
              })
          .isInstanceOf(IOException.class)
          .hasMessageContaining("held fails at ");
      source.fail(false);
      at.rewind();
      Entries.checkForward(at, entries);
    }
  }

  @Test
  void entriesThatAreKeptOutliveTheScan() throws Exception {
    NavigableMap<byte[], byte[]> entries = Entries.random(new Random(SEED), 2000, 200);
    for (CompressionType codec :
        List.of(CompressionType.NO_COMPRESSION, CompressionType.LZ4_COMPRESSION)) {
      HeldSource source = new HeldSource(table(entries, codec, IndexType.kBinarySearch));
      List<Retained> kept = new ArrayList<>();
      try (Engine engine = Engine.open()) {
        try (Table table = Table.open(engine, source, HELPED);
            KvIterator at = table.iterator()) {
          while (at.next()) {
            kept.add(at.retain());
          }
        }
        int number = 0;
        for (Map.Entry<byte[], byte[]> each : entries.entrySet()) {
          try (Retained one = kept.get(number++)) {
            assertThat(one.key().segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(each.getKey());
            assertThat(one.value().segment().toArray(ValueLayout.JAVA_BYTE))
                .isEqualTo(each.getValue());
          }
        }
        awaitEmpty(engine.pool());
      }
    }
  }

  @RepeatedTest(20)
  void aScanInASmallPoolHasFewerBlocksOpenedAhead() throws Exception {
    NavigableMap<byte[], byte[]> entries = Entries.random(new Random(SEED), 3000, 200);
    HeldSource source =
        new HeldSource(table(entries, CompressionType.LZ4_COMPRESSION, IndexType.kBinarySearch));
    EngineOptions small = EngineOptions.defaults().withPoolBytes(1 << 20);
    try (Engine engine = Engine.open(small);
        Table table = Table.open(engine, source, HELPED)) {
      try (var held = engine.pool().acquire(512 << 10);
          var also = engine.pool().acquire(256 << 10);
          KvIterator at = table.iterator()) {
        assertThat(held.capacity() + also.capacity()).isEqualTo(768 << 10);
        Entries.checkForward(at, entries);
      }
      awaitEmpty(engine.pool());
    }
  }
}
