package io.ringwell.kv.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.kv.table.RocksTables.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ChecksumType;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.IndexShorteningMode;
import org.rocksdb.IndexType;

/// Tables that RocksDB wrote, of every shape that it can write, read back entry for entry.
class RocksTableTest {
  private static final Random RANDOM = new Random(Long.getLong("ringwell.seed", 7));

  @TempDir static Path directory;
  private static Engine engine;
  private static int files;

  @BeforeAll
  static void open() {
    engine = Engine.open();
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static void check(Shape shape, NavigableMap<byte[], byte[]> entries) throws Exception {
    try (shape) {
      Path file = directory.resolve(files++ + ".sst");
      RocksTables.write(file, shape, entries);
      try (Table table = Table.open(engine, file, TableOptions.defaults())) {
        assertThat(table.properties().entries()).isEqualTo(entries.size());
        Entries.check(table, entries, RANDOM);
      } catch (Throwable e) {
        throw new AssertionError("table of " + shape, e);
      }
      Files.delete(file);
    }
  }

  private static Shape shape() {
    return new Shape();
  }

  private static NavigableMap<byte[], byte[]> some() {
    return Entries.random(RANDOM, 600, 200);
  }

  @Test
  void whatRocksDbWritesUnlessToldOtherwiseIsRead() throws Exception {
    check(shape(), Entries.random(RANDOM, 20_000, 100));
  }

  @Test
  void everyVersionWithEveryIndex() throws Exception {
    for (int version = 2; version <= 7; version++) {
      for (IndexType index : IndexType.values()) {
        Shape shape = shape().version(version).index(index);
        if (index == IndexType.kHashSearch) {
          shape.options.useFixedLengthPrefixExtractor(1);
        }
        check(shape, some());
      }
    }
  }

  @Test
  void everyVersionWithEveryChecksum() throws Exception {
    for (int version = 2; version <= 7; version++) {
      for (ChecksumType checksum : ChecksumType.values()) {
        check(shape().version(version).checksum(checksum), some());
      }
    }
  }

  @Test
  void everyVersionWithEveryCompression() throws Exception {
    for (int version = 2; version <= 7; version++) {
      for (CompressionType compression : readable()) {
        check(shape().version(version).compression(compression), some());
      }
    }
  }

  private static List<CompressionType> readable() {
    return List.of(
        CompressionType.NO_COMPRESSION,
        CompressionType.SNAPPY_COMPRESSION,
        CompressionType.ZLIB_COMPRESSION,
        CompressionType.LZ4_COMPRESSION,
        CompressionType.LZ4HC_COMPRESSION,
        CompressionType.ZSTD_COMPRESSION);
  }

  @Test
  void everyCompressionWithADictionary() throws Exception {
    for (CompressionType compression :
        List.of(
            CompressionType.ZLIB_COMPRESSION,
            CompressionType.LZ4_COMPRESSION,
            CompressionType.LZ4HC_COMPRESSION,
            CompressionType.ZSTD_COMPRESSION)) {
      check(
          shape().version(6).compression(compression).dictionary(4096),
          Entries.random(RANDOM, 5000, 100));
    }
  }

  @Test
  void everyOptionOfBlocks() throws Exception {
    List<Shape> shapes = new ArrayList<>();
    for (int restarts : new int[] {1, 2, 16, 1000}) {
      for (boolean apart : new boolean[] {false, true}) {
        for (DataBlockIndexType kind : DataBlockIndexType.values()) {
          Shape shape = shape().named(restarts).named(apart).named(kind);
          shape
              .table
              .setBlockRestartInterval(restarts)
              .setIndexBlockRestartInterval(restarts)
              .setSeparateKeyValueInDataBlock(apart)
              .setDataBlockIndexType(kind)
              .setUniformCvThreshold(10);
          shapes.add(shape);
        }
      }
    }
    for (IndexShorteningMode mode : IndexShorteningMode.values()) {
      for (IndexType index : List.of(IndexType.kBinarySearch, IndexType.kTwoLevelIndexSearch)) {
        Shape shape = shape().index(index).named(mode);
        shape.table.setIndexShortening(mode).setEnableIndexCompression(false);
        shapes.add(shape);
      }
    }
    Shape aligned = shape().compression(CompressionType.NO_COMPRESSION).named("aligned");
    aligned.table.setBlockAlign(true);
    shapes.add(aligned);
    Shape plain = shape().named("without differences of keys");
    plain.table.setUseDeltaEncoding(false);
    shapes.add(plain);
    Shape small = shape().named("small blocks");
    small.table.setBlockSize(64);
    shapes.add(small);
    for (Shape shape : shapes) {
      check(shape, some());
    }
  }

  @Test
  void aSingleEntryAndLongKeysAndValues() throws Exception {
    NavigableMap<byte[], byte[]> entries = Entries.none();
    entries.put(new byte[] {1}, new byte[] {2});
    check(shape(), entries);
    entries.put(new byte[70_000], Entries.value(RANDOM, 3_000_000));
    entries.put(Entries.value(RANDOM, 100_000), Entries.value(RANDOM, 1_500_000));
    entries.put(new byte[] {1, 1}, new byte[0]);
    for (CompressionType compression : readable()) {
      check(shape().compression(compression), entries);
    }
  }

  @Test
  void deletesAreShownAsTombstones() throws Exception {
    NavigableMap<byte[], byte[]> entries = some();
    int number = 0;
    for (var each : entries.entrySet()) {
      if (number++ % 3 == 0) {
        each.setValue(null);
      }
    }
    check(shape(), entries);
  }
}
