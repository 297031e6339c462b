package io.ringwell.bench;

import io.ringwell.Ringwell;
import io.ringwell.file.Durability;
import io.ringwell.kv.table.TableCompression;
import io.ringwell.kv.table.TableWriter;
import io.ringwell.kv.table.TableWriterOptions;
import io.ringwell.sink.FileSinkOptions;
import io.ringwell.sink.Sink;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ChecksumType;
import org.rocksdb.CompressionType;
import org.rocksdb.EnvOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.SstFileWriter;

/// Builds a table of the same entries (keys of 16 bytes, values of 100 that compress by half) by
/// Ringwell's `TableWriter` and RocksDB's `SstFileWriter`, in turns, with the same options: version
/// 5, XXH3, blocks of 4 KiB, LZ4 or none. Through the page cache, nothing is synced.
///
/// Arguments: the number of entries; 2,000,000 without.
public final class KvBuild {
  private static final int DEFAULT_ENTRIES = 2_000_000;

  private final Path file;
  private final int entries;
  private final KvEntries of = new KvEntries();

  private KvBuild(Path file, int entries) {
    this.file = file;
    this.entries = entries;
  }

  public static void main(String[] args) throws Exception {
    RocksDB.loadLibrary();
    int entries = args.length == 0 ? DEFAULT_ENTRIES : Integer.parseInt(args[0]);
    String place = System.getProperty("ringwell.bench.dir", System.getProperty("java.io.tmpdir"));
    Path file = Files.createTempFile(Path.of(place), "kv-build", ".sst");
    try (Ringwell io = Ringwell.open()) {
      KvBuild build = new KvBuild(file, entries);
      Contest contest = new Contest("1000 entries/s", 1);
      for (boolean packed : new boolean[] {true, false}) {
        String how = packed ? ", LZ4" : ", none";
        contest.add("SstFileWriter" + how, () -> build.timed(() -> build.byRocksDb(packed)));
        int helpers = TableWriterOptions.defaults().helpers();
        contest.add(
            "TableWriter" + how, () -> build.timed(() -> build.byRingwell(io, packed, helpers)));
        if (packed) {
          contest.add(
              "TableWriter, LZ4, no helper threads",
              () -> build.timed(() -> build.byRingwell(io, true, 0)));
        }
      }
      contest.run();
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private double timed(Work work) throws Exception {
    Files.deleteIfExists(file);
    long start = System.nanoTime();
    work.run();
    return entries * 1e6 / (System.nanoTime() - start);
  }

  private void byRingwell(Ringwell io, boolean packed, int helpers) throws Exception {
    TableWriterOptions options =
        TableWriterOptions.defaults()
            .withCompression(packed ? TableCompression.LZ4 : TableCompression.NONE)
            .withHelpers(helpers);
    MemorySegment keys = MemorySegment.ofArray(of.key);
    MemorySegment values = MemorySegment.ofArray(of.value);
    FileSinkOptions unsynced = FileSinkOptions.defaults().withDurability(Durability.NONE);
    try (Sink sink = io.sink(file, unsynced);
        TableWriter table = TableWriter.to(sink, io.pool(), options)) {
      for (int i = 0; i < entries; i++) {
        of.fill(i);
        table.add(keys, 0, KvEntries.KEY_BYTES, values, 0, KvEntries.VALUE_BYTES);
      }
      table.complete();
    }
  }

  private void byRocksDb(boolean packed) throws Exception {
    writeByRocksDb(file, of, entries, packed);
  }

  static void writeByRocksDb(Path file, KvEntries of, int entries, boolean packed)
      throws Exception {
    BlockBasedTableConfig table =
        new BlockBasedTableConfig().setFormatVersion(5).setChecksumType(ChecksumType.kXXH3);
    try (Options options = new Options();
        EnvOptions environment = new EnvOptions()) {
      options
          .setTableFormatConfig(table)
          .setCompressionType(
              packed ? CompressionType.LZ4_COMPRESSION : CompressionType.NO_COMPRESSION);
      try (SstFileWriter writer = new SstFileWriter(environment, options)) {
        writer.open(file.toString());
        for (int i = 0; i < entries; i++) {
          of.fill(i);
          writer.put(of.key, of.value);
        }
        writer.finish();
      }
    }
  }
}
