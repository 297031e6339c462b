package io.ringwell.kv.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.kv.Trials;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.stream.Stream;
import org.iq80.leveldb.CompressionType;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.impl.Iq80DBFactory;
import org.iq80.leveldb.table.BytewiseComparator;
import org.iq80.leveldb.table.TableBuilder;
import org.iq80.leveldb.util.Slices;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tables that LevelDB (its port to Java) wrote.
class LevelTableTest {
  private static final long SEED = Trials.seed(LevelTableTest.class);

  @TempDir Path directory;
  private static Engine engine;

  @BeforeAll
  static void open() {
    engine = Engine.open();
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @Test
  void aTableOfABareBuilderIsReadBackEntryForEntry() throws Exception {
    Random random = new Random(SEED);
    for (CompressionType compression : CompressionType.values()) {
      for (int count : new int[] {0, 1, 2, 3000}) {
        NavigableMap<byte[], byte[]> entries = Entries.random(random, count, 200);
        Path file = directory.resolve(compression + "-" + count + ".ldb");
        build(file, compression, entries);
        TableOptions bare = TableOptions.defaults().withSuffixed(false);
        try (Table table = Table.open(engine, file, bare)) {
          assertThat(table.isLevelDb()).isTrue();
          Entries.check(table, entries, random);
        }
      }
    }
  }

  private static void build(
      Path file, CompressionType compression, NavigableMap<byte[], byte[]> entries)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      TableBuilder builder =
          new TableBuilder(
              new Options().compressionType(compression).blockSize(1000),
              channel,
              new BytewiseComparator());
      for (var each : entries.entrySet()) {
        builder.add(Slices.wrappedBuffer(each.getKey()), Slices.wrappedBuffer(each.getValue()));
      }
      builder.finish();
    }
  }

  @Test
  void theTablesOfADatabaseHaveTheNewestOfEachKey() throws Exception {
    Random random = new Random(SEED);
    NavigableMap<byte[], byte[]> expected = Entries.none();
    File home = directory.resolve("db").toFile();
    // Opening writes what the log has to a table; from the fourth on tables would be put together.
    Options options = new Options();
    List<byte[]> keys = List.copyOf(Entries.random(random, 2000, 0).keySet());
    for (int session = 0; session < 3; session++) {
      try (DB db = Iq80DBFactory.factory.open(home, options)) {
        for (int i = 0; i < 3000; i++) {
          byte[] key = keys.get(random.nextInt(keys.size()));
          if (random.nextInt(5) == 0) {
            db.delete(key);
            expected.remove(key);
          } else {
            byte[] value = Entries.value(random, random.nextInt(100));
            db.put(key, value);
            expected.put(key, value);
          }
        }
      }
    }
    Iq80DBFactory.factory.open(home, options).close();
    List<Path> files;
    try (Stream<Path> all = Files.list(home.toPath())) {
      files = all.filter(each -> each.toString().matches(".*\\.(sst|ldb)")).toList();
    }
    assertThat(files).hasSize(3);
    Versions.requireSame(Versions.newest(engine, files), expected);
  }
}
