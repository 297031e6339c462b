package io.ringwell.kv.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.kv.KvIterator;
import io.ringwell.kv.MergeIterator;
import io.ringwell.kv.Trials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;

/// The tables of a database, merged, say what the database itself says.
class RocksDatabaseTest {
  private static final long SEED = Trials.seed(RocksDatabaseTest.class);

  static {
    RocksDB.loadLibrary();
  }

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
  void tablesMergedByTheirSequenceSayWhatTheDatabaseSays() throws Exception {
    Random random = new Random(SEED);
    for (boolean compacted : new boolean[] {false, true}) {
      Path home = directory.resolve("db-" + compacted);
      NavigableMap<byte[], byte[]> told = write(home, random, compacted);
      List<Path> files = tables(home);
      assertThat(files).hasSizeGreaterThan(compacted ? 1 : 5);
      List<Table> tables = new ArrayList<>();
      List<KvIterator> iterators = new ArrayList<>();
      for (Path each : files) {
        Table table = Table.open(engine, each, TableOptions.defaults());
        tables.add(table);
        iterators.add(table.iterator());
      }
      try (KvIterator merged = MergeIterator.of(iterators)) {
        Entries.checkForward(merged, told);
        Entries.checkBackward(merged, told);
        byte[] some = told.keySet().stream().skip(told.size() / 3).findFirst().orElseThrow();
        merged.seek(Entries.segment(some));
        Entries.checkForward(merged, told.tailMap(some, true));
      }
      for (Table each : tables) {
        each.close();
      }
    }
    OpenAheadTest.awaitEmpty(engine.pool());
  }

  /// Overwrites and deletes, over several tables, some versions kept by a snapshot.
  private static NavigableMap<byte[], byte[]> write(Path home, Random random, boolean compacted)
      throws Exception {
    try (Options options =
            new Options()
                .setCreateIfMissing(true)
                .setDisableAutoCompactions(true)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTargetFileSizeBase(64 << 10);
        FlushOptions flush = new FlushOptions();
        RocksDB db = RocksDB.open(options, home.toString())) {
      List<byte[]> keys = List.copyOf(Entries.random(random, 3000, 0).keySet());
      Snapshot snapshot = null;
      for (int round = 0; round < 8; round++) {
        for (int i = 0; i < 1500; i++) {
          byte[] key = keys.get(random.nextInt(keys.size()));
          if (random.nextInt(4) == 0) {
            db.delete(key);
          } else {
            db.put(key, Entries.value(random, random.nextInt(100)));
          }
        }
        if (round == 4) {
          snapshot = db.getSnapshot();
        }
        db.flush(flush);
      }
      if (compacted) {
        db.compactRange();
      }
      NavigableMap<byte[], byte[]> told = Entries.none();
      try (RocksIterator at = db.newIterator()) {
        for (at.seekToFirst(); at.isValid(); at.next()) {
          told.put(at.key(), at.value());
        }
        at.status();
      }
      db.releaseSnapshot(snapshot);
      return told;
    }
  }

  private static List<Path> tables(Path home) throws IOException {
    try (Stream<Path> all = Files.list(home)) {
      return all.filter(each -> each.toString().endsWith(".sst")).toList();
    }
  }
}
