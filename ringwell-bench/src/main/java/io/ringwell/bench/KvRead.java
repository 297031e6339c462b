package io.ringwell.bench;

import io.ringwell.engine.Engine;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.OpenOptions;
import io.ringwell.kv.KvIterator;
import io.ringwell.kv.table.BlockCache;
import io.ringwell.kv.table.Table;
import io.ringwell.kv.table.TableOptions;
import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;

/// Reads one table, made by RocksDB's `SstFileWriter` (LZ4, XXH3, version 5, blocks of 4 KiB), by
/// Ringwell's `Table` and by RocksDB, in turns, checksums on:
///
/// * `scan`: all entries, from the page cache, beside rocksdbjni's iterator (key and value each
///   into a direct buffer that is reused) and `sst_dump --command=check`, a process;
/// * `scan-direct`: all entries past the page cache, beside fio, which reads the same bytes;
/// * `get-cold`: 10,000 random keys at once with nothing in the page cache, beside `multiGetAsList`
///   of a database that has the table;
/// * `get-hot`: 10,000 random keys, one after the other, again and again, with and without a cache
///   of blocks, beside `get` of that database with its own.
///
/// Arguments: one of them, and the number of entries; 16,000,000 without, which is 1 GiB.
/// `-Dringwell.bench.dir=D` says where.
public final class KvRead {
  private static final int DEFAULT_ENTRIES = 16_000_000;
  private static final int GETS = 10_000;

  /// How often each is looked up in a turn.
  private static final int TIMES = 10;

  /// Room for a block for each key.
  private static final long CACHE_BYTES = 64 << 20;

  private static final int FIO_BLOCK = 1 << 20;
  private static final int FIO_DEPTH = 4;

  private final Engine engine;
  private final Path file;
  private final int entries;
  private long sum;

  private KvRead(Engine engine, Path file, int entries) {
    this.engine = engine;
    this.file = file;
    this.entries = entries;
  }

  public static void main(String[] args) throws Exception {
    RocksDB.loadLibrary();
    String what = args.length == 0 ? "scan" : args[0];
    int entries = args.length < 2 ? DEFAULT_ENTRIES : Integer.parseInt(args[1]);
    Path place =
        Path.of(System.getProperty("ringwell.bench.dir", System.getProperty("java.io.tmpdir")));
    Path file = place.resolve("kv-read-" + entries + ".sst");
    if (!Files.exists(file)) {
      Path part = place.resolve("kv-read.part");
      KvBuild.writeByRocksDb(part, new KvEntries(), entries, true);
      Files.move(part, file);
    }
    System.out.printf("%s: %,d entries, %,d bytes%n", file, entries, Files.size(file));
    try (Engine engine = Engine.open()) {
      KvRead read = new KvRead(engine, file, entries);
      switch (what) {
        case "scan" -> read.scan();
        case "scan-direct" -> read.scanDirect();
        case "get-cold" -> read.getCold(place.resolve("kv-read-db"));
        case "get-hot" -> read.getHot(place.resolve("kv-read-db"));
        default ->
            throw new IllegalArgumentException("scan, scan-direct, get-cold or get-hot: " + what);
      }
      System.out.println("lengths read: " + read.sum);
    }
  }

  // ---- scans

  private void scan() throws Exception {
    Contest contest = new Contest("1000 entries/s", 1);
    contest.add("rocksdbjni's iterator", () -> timed(this::scanByRocksDb));
    contest.add("Table", () -> timed(this::scanByTable));
    contest.add("Table, no helper threads", () -> timed(this::scanAlone));
    contest.add("sst_dump --command=check, a process", () -> timed(this::check));
    contest.run();
  }

  private void scanDirect() throws Exception {
    Contest contest = new Contest("MiB/s", 1);
    contest.add("fio, io_uring, 1 MiB, depth 4", () -> fio() / (1 << 20));
    contest.add("Table, direct", () -> Files.size(file) / 1e6 / 1.048576 / seconds(this::direct));
    contest.add(
        "Table, page cache", () -> Files.size(file) / 1e6 / 1.048576 / seconds(this::scanByTable));
    contest.run();
  }

  private double fio() throws Exception {
    return Fio.readRate(file, FIO_BLOCK, FIO_DEPTH);
  }

  private void scanByTable() throws IOException {
    try (Table table = Table.open(engine, file, TableOptions.defaults())) {
      walk(table);
    }
  }

  private void scanAlone() throws IOException {
    try (Table table = Table.open(engine, file, TableOptions.defaults().withHelpers(0))) {
      walk(table);
    }
  }

  private void direct() throws IOException {
    try (AsyncFile open = AsyncFile.open(engine, file, OpenOptions.read().direct());
        Table table = Table.open(open, TableOptions.defaults())) {
      walk(table);
    }
  }

  private void walk(Table table) throws IOException {
    int count = 0;
    try (KvIterator at = table.iterator()) {
      while (at.next()) {
        sum += at.keyLength() + at.valueLength();
        count++;
      }
    }
    require(count);
  }

  private void scanByRocksDb() throws Exception {
    ByteBuffer key = ByteBuffer.allocateDirect(KvEntries.KEY_BYTES);
    ByteBuffer value = ByteBuffer.allocateDirect(KvEntries.VALUE_BYTES);
    int count = 0;
    try (Options options = new Options();
        ReadOptions verified = new ReadOptions().setVerifyChecksums(true);
        SstFileReader reader = new SstFileReader(options)) {
      reader.open(file.toString());
      try (SstFileReaderIterator at = reader.newIterator(verified)) {
        for (at.seekToFirst(); at.isValid(); at.next()) {
          sum += at.key(key.clear()) + at.value(value.clear());
          count++;
        }
        at.status();
      }
    }
    require(count);
  }

  private void check() throws Exception {
    Process process =
        new ProcessBuilder("sst_dump", "--command=check", "--verify_checksum", "--file=" + file)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("sst_dump, of Debian's rocksdb-tools, ended with an error");
    }
  }

  private void require(int count) {
    if (count != entries) {
      throw new IllegalStateException(count + " entries instead of " + entries);
    }
  }

  // ---- many keys

  private void getCold(Path database) throws Exception {
    List<byte[]> keys = keys();
    List<MemorySegment> segments = segments(keys);
    ingest(database);
    Contest contest = new Contest("keys/s", 1);
    contest.add("multiGetAsList", () -> getByRocksDb(database, keys));
    contest.add("Table.multiGet", () -> getByTable(segments, false));
    contest.add("Table.multiGet, direct", () -> getByTable(segments, true));
    contest.run();
  }

  private List<byte[]> keys() {
    List<byte[]> keys = new ArrayList<>();
    KvEntries of = new KvEntries();
    Random random = new Random(1);
    for (int i = 0; i < GETS; i++) {
      of.fill(random.nextInt(entries));
      keys.add(of.key.clone());
    }
    return keys;
  }

  private static List<MemorySegment> segments(List<byte[]> keys) {
    return keys.stream().map(MemorySegment::ofArray).toList();
  }

  private void getHot(Path database) throws Exception {
    List<byte[]> keys = keys();
    List<MemorySegment> segments = segments(keys);
    ingest(database);
    try (Options options = new Options();
        LRUCache theirs = new LRUCache(CACHE_BYTES);
        BlockCache ours = BlockCache.ofMaxBytes(CACHE_BYTES)) {
      options.setTableFormatConfig(new BlockBasedTableConfig().setBlockCache(theirs));
      TableOptions cached = TableOptions.defaults().withCache(ours);
      try (RocksDB db = RocksDB.openReadOnly(options, database.toString());
          Table plain = Table.open(engine, file, TableOptions.defaults());
          Table table = Table.open(engine, file, cached)) {
        Contest contest = new Contest("keys/s", 2);
        contest.add("get, block cache of 64 MiB", () -> rate(() -> getEach(db, keys)));
        contest.add("seek and next, cache of 64 MiB", () -> rate(() -> seekEach(table, segments)));
        contest.add("seek and next, no cache", () -> rate(() -> seekEach(plain, segments)));
        contest.add("multiGet of one, 64 MiB", () -> rate(() -> getEach(table, segments)));
        contest.add("multiGet of one, no cache", () -> rate(() -> getEach(plain, segments)));
        contest.run();
      }
    }
  }

  private double rate(Work work) throws Exception {
    return (double) GETS * TIMES / seconds(work);
  }

  private void getEach(RocksDB db, List<byte[]> keys) throws Exception {
    byte[] value = new byte[KvEntries.VALUE_BYTES];
    for (int i = 0; i < TIMES; i++) {
      for (byte[] key : keys) {
        sum += db.get(key, value);
      }
    }
  }

  private void seekEach(Table table, List<MemorySegment> keys) throws IOException {
    try (KvIterator at = table.iterator()) {
      for (int i = 0; i < TIMES; i++) {
        for (MemorySegment key : keys) {
          at.seek(key);
          sum += at.next() ? at.valueLength() : 0;
        }
      }
    }
  }

  private void getEach(Table table, List<MemorySegment> keys) throws IOException {
    for (int i = 0; i < TIMES; i++) {
      for (MemorySegment key : keys) {
        try (Bytes value = Objects.requireNonNull(table.multiGet(List.of(key)).getFirst())) {
          sum += value.size();
        }
      }
    }
  }

  private void ingest(Path database) throws Exception {
    if (Files.isDirectory(database)) {
      return;
    }
    try (Options options = new Options().setCreateIfMissing(true);
        IngestExternalFileOptions copied = new IngestExternalFileOptions();
        RocksDB db = RocksDB.open(options, database.toString())) {
      db.ingestExternalFile(List.of(file.toString()), copied);
    }
  }

  private double getByRocksDb(Path database, List<byte[]> keys) throws Exception {
    try (Options options = new Options();
        RocksDB db = RocksDB.openReadOnly(options, database.toString())) {
      DataFile.dropAll();
      long start = System.nanoTime();
      List<byte[]> values = db.multiGetAsList(keys);
      long took = System.nanoTime() - start;
      for (byte[] value : values) {
        sum += value.length;
      }
      return GETS * 1e9 / took;
    }
  }

  private double getByTable(List<MemorySegment> keys, boolean past) throws IOException {
    OpenOptions how = past ? OpenOptions.read().direct() : OpenOptions.read();
    try (AsyncFile open = AsyncFile.open(engine, file, how);
        Table table = Table.open(open, TableOptions.defaults())) {
      DataFile.dropAll();
      long start = System.nanoTime();
      List<@Nullable Bytes> values = table.multiGet(keys);
      long took = System.nanoTime() - start;
      for (Bytes value : values) {
        try (Bytes each = Objects.requireNonNull(value)) {
          sum += each.size();
        }
      }
      return GETS * 1e9 / took;
    }
  }

  // ---- time

  private interface Work {
    void run() throws Exception;
  }

  private static double seconds(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private double timed(Work work) throws Exception {
    return entries / 1e3 / seconds(work);
  }
}
