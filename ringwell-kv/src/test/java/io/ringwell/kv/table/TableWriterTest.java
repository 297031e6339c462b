package io.ringwell.kv.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.ringwell.Ringwell;
import io.ringwell.kv.Keys;
import io.ringwell.kv.Trials;
import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import io.ringwell.sink.FileSinkOptions;
import io.ringwell.sink.MemorySink;
import io.ringwell.sink.Sink;
import io.ringwell.sink.Sinks;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksIteratorInterface;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;

class TableWriterTest {
  private static final TableWriterOptions DEFAULTS = TableWriterOptions.defaults();

  @TempDir static Path directory;
  private static Ringwell io;
  private static int files;

  @BeforeAll
  static void open() {
    RocksDB.loadLibrary();
    io = Ringwell.open();
  }

  @AfterAll
  static void close() {
    io.close();
  }

  @Test
  void rocksDbAndRingwellReadEveryKindEntryForEntry() throws Exception {
    Random random = new Random(Trials.seed(TableWriterTest.class));
    for (int version = 5; version <= 7; version++) {
      for (TableCompression compression : writable()) {
        for (TableChecksum checksum : TableChecksum.values()) {
          TableWriterOptions options =
              DEFAULTS
                  .withFormatVersion(version)
                  .withCompression(compression)
                  .withChecksum(checksum)
                  .withBlockBytes(256 + random.nextInt(8000))
                  .withRestartInterval(1 + random.nextInt(20));
          NavigableMap<byte[], byte[]> entries = Entries.random(random, 150, 300);
          Path file = write(options, entries);
          readByRocksDb(file, entries);
          try (Table table = Table.open(io.engine(), file, TableOptions.defaults())) {
            assertThat(table.properties().entries()).isEqualTo(entries.size());
            assertThat(table.formatVersion()).isEqualTo(version);
            assertThat(table.checksum()).isSameAs(checksum);
            Entries.check(table, entries, random);
          } catch (Throwable e) {
            throw new AssertionError("table of " + options, e);
          }
        }
      }
    }
  }

  /// Short keys of few different bytes, one or two a block: every way to cut a separator is met.
  @Test
  void separatorsOfTheIndexLieBetweenTheirBlocks() throws Exception {
    Random random = new Random(Trials.seed(TableWriterTest.class));
    byte[] bytes = {0, 1, 2, 0x7F, (byte) 0x80, (byte) 0xFE, (byte) 0xFF};
    for (int round = 0; round < Trials.rounds(6); round++) {
      NavigableMap<byte[], byte[]> entries = Entries.none();
      for (int i = 0; i < 400; i++) {
        byte[] key = new byte[random.nextInt(6)];
        for (int j = 0; j < key.length; j++) {
          key[j] = bytes[random.nextInt(bytes.length)];
        }
        entries.put(key, new byte[random.nextInt(60)]);
      }
      Path file = write(DEFAULTS.withBlockBytes(64), entries);
      readByRocksDb(file, entries);
      try (Table table = Table.open(io.engine(), file, TableOptions.defaults())) {
        Entries.check(table, entries, random);
      }
    }
  }

  @Test
  void rocksDbIngestsTables() throws Exception {
    Random random = new Random(Trials.seed(TableWriterTest.class));
    for (int version = 5; version <= 7; version++) {
      Path place = directory.resolve("db" + version);
      NavigableMap<byte[], byte[]> expected = Entries.none();
      try (Options options = new Options().setCreateIfMissing(true);
          RocksDB db = RocksDB.open(options, place.toString());
          IngestExternalFileOptions ingest = new IngestExternalFileOptions()) {
        db.put("user:00000001".getBytes(UTF_8), "old".getBytes(UTF_8));
        expected.put("user:00000001".getBytes(UTF_8), "old".getBytes(UTF_8));
        // The later ones overlap those before, and hide what they have.
        for (TableCompression compression : writable()) {
          NavigableMap<byte[], byte[]> entries = Entries.random(random, 1500, 200);
          TableWriterOptions shape =
              DEFAULTS.withFormatVersion(version).withCompression(compression);
          db.ingestExternalFile(List.of(write(shape, entries).toString()), ingest);
          expected.putAll(entries);
        }
        db.verifyChecksum();
        db.compactRange();
        try (RocksIterator all = db.newIterator()) {
          check(all, all::key, all::value, expected);
        }
        for (byte[] key : expected.keySet()) {
          assertThat(db.get(key)).isEqualTo(expected.get(key));
        }
      }
    }
  }

  @Test
  void sstDumpAcceptsWhatItKnows() throws Exception {
    Path sstDump = Path.of("/usr/bin/sst_dump");
    assumeTrue(Files.isExecutable(sstDump), "no sst_dump: apt-get install rocksdb-tools");
    Random random = new Random(Trials.seed(TableWriterTest.class));
    for (TableCompression compression : writable()) {
      for (TableChecksum checksum : List.of(TableChecksum.XXH3, TableChecksum.CRC32C)) {
        NavigableMap<byte[], byte[]> entries = Entries.random(random, 3000, 100);
        Path file = write(DEFAULTS.withCompression(compression).withChecksum(checksum), entries);
        assertThat(run(sstDump, "--command=check", "--verify_checksum", "--file=" + file))
            .endsWith("from [] to []\n"); // and nothing behind it
        assertThat(run(sstDump, "--command=verify", "--file=" + file)).contains("The file is ok");
        assertThat(run(sstDump, "--show_properties", "--file=" + file))
            .contains("# entries: " + entries.size())
            .contains("SST file compression algo: " + rocksName(compression));
      }
    }
  }

  @Test
  void aTableMayBeEmptyOrHaveOneEntryOrVeryLargeOnes() throws Exception {
    Random random = new Random(Trials.seed(TableWriterTest.class));
    byte[] large = new byte[700 << 10];
    random.nextBytes(large);
    byte[] longKey = new byte[70_000];
    Arrays.fill(longKey, (byte) 'k');
    for (TableCompression compression : writable()) {
      TableWriterOptions options = DEFAULTS.withCompression(compression).withFormatVersion(7);
      NavigableMap<byte[], byte[]> entries = Entries.none();
      for (Map.Entry<byte[], byte[]> more :
          List.of(
              Map.entry(new byte[0], new byte[0]),
              Map.entry("a".getBytes(UTF_8), large),
              Map.entry("b".getBytes(UTF_8), new byte[1 << 20]),
              Map.entry(longKey, large))) {
        Path file = write(options, entries);
        if (!entries.isEmpty()) { // RocksDB refuses one without entries.
          readByRocksDb(file, entries);
        }
        try (Table table = Table.open(io.engine(), file, TableOptions.defaults())) {
          Entries.check(table, entries, random);
        }
        entries.put(more.getKey(), more.getValue());
      }
      readByRocksDb(write(options, entries), entries);
    }
  }

  @Test
  void aKeyThatDoesNotAscendIsRefusedByBothNamesAndTheTableGoesOn() throws Exception {
    Path file = directory.resolve("order.sst");
    try (Sink sink = io.sink(file, FileSinkOptions.defaults());
        TableWriter table = TableWriter.to(sink, io.pool(), DEFAULTS)) {
      table.add(text("pear"), text("1"));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> table.add(text("apple"), text("2")))
          .withMessage(
              "key \"apple\" comes after \"pear\":"
                  + " keys must ascend, in the order of their bytes (LC_ALL=C sort)");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> table.add(text("pear"), text("2")))
          .withMessageContaining("key \"pear\" comes twice");
      assertThatIllegalArgumentException().isThrownBy(() -> table.add(text("pea"), text("2")));
      assertThatIllegalArgumentException().isThrownBy(() -> table.add(text(""), text("2")));
      table.add(MemorySegment.ofArray(new byte[] {(byte) 0x80}), text("unsigned"));
      assertThat(table.entries()).isEqualTo(2);
      table.complete();
    }
    try (Table table = Table.open(io.engine(), file, TableOptions.defaults())) {
      assertThat(table.properties().entries()).isEqualTo(2);
    }
  }

  @Test
  void anEntryBeyondTheBoundIsRefused() throws Exception {
    try (MemorySink sink = Sinks.memory(1 << 20);
        TableWriter table = TableWriter.to(sink, io.pool(), DEFAULTS)) {
      MemorySegment large = MemorySegment.ofArray(new byte[(32 << 20) + 1]);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> table.add(text("k"), large))
          .withMessageContaining("\"k\"");
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> table.add(text("key"), 1, 3, text("v"), 0, 1));
      assertThat(table.entries()).isZero();
    }
  }

  @Test
  void aTableThatIsNotCompleteLeavesWhatWasThere() throws Exception {
    Path file = directory.resolve("kept.sst");
    Files.writeString(file, "before");
    try (Sink sink = io.sink(file, FileSinkOptions.defaults());
        TableWriter table = TableWriter.to(sink, io.pool(), DEFAULTS)) {
      for (int i = 0; i < 20_000; i++) {
        table.add(text("key%06d".formatted(i)), text("value " + i * 31));
      }
    }
    assertThat(Files.readString(file)).isEqualTo("before");
  }

  @Test
  void anErrorOfTheSinkComesOutAndNoMemoryStaysBehind() throws Exception {
    try (BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20))) {
      try (MemorySink sink = Sinks.memory(300 << 10);
          TableWriter table =
              TableWriter.to(sink, pool, DEFAULTS.withCompression(TableCompression.NONE))) {
        assertThatExceptionOfType(IOException.class)
            .isThrownBy(() -> {
              for (int i = 0; i < 100_000; i++) {
                table.add(text("key%06d".formatted(i)), text("value"));
              }
            })
            .withMessageContaining("more than the 307200 bytes");
      }
      assertThat(pool.stats().inUseBytes()).isZero();
    }
  }

  @Test
  void afterTheEndNothingIsAdded() throws Exception {
    try (MemorySink sink = Sinks.memory(1 << 20)) {
      TableWriter table = TableWriter.to(sink, io.pool(), DEFAULTS);
      table.add(text("k"), text("v"));
      long bytes = table.complete();
      try (var written = sink.take()) {
        assertThat(written.size()).isEqualTo(bytes);
      }
      assertThatIllegalStateException().isThrownBy(() -> table.add(text("l"), text("v")));
      assertThatIllegalStateException().isThrownBy(table::complete);
      table.close();
      table.close();
      assertThatIllegalStateException().isThrownBy(() -> table.add(text("l"), text("v")));
    }
  }

  @Test
  void optionsThatCannotBeAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withFormatVersion(4));
    assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withFormatVersion(8));
    assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withBlockBytes(0));
    assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withRestartInterval(0));
    assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withCompressionLevel(20));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withCompression(TableCompression.SNAPPY))
        .withMessageContaining("NONE, LZ4 or ZSTD");
  }

  @Test
  void addingAllocatesLessThanAByteAnEntry() throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] key = "key_00000000".getBytes(UTF_8);
    MemorySegment keySegment = MemorySegment.ofArray(key);
    MemorySegment value = MemorySegment.ofArray(new byte[20]);
    Path file = directory.resolve("allocation.sst");
    try (Sink sink = io.sink(file, FileSinkOptions.defaults());
        TableWriter table = TableWriter.to(sink, io.pool(), DEFAULTS.withBlockBytes(32 << 10))) {
      int next = 0;
      long least = Long.MAX_VALUE;
      for (int attempt = 0; attempt < 10; attempt++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20_000; i++) {
          int left = next++;
          for (int digit = key.length - 1; digit > 3; digit--) {
            key[digit] = (byte) ('0' + left % 10);
            left /= 10;
          }
          table.add(keySegment, 0, key.length, value, 0, 20);
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      table.complete();
      assertThat(least).isLessThan(20_000);
    }
  }

  @Test
  void theExampleOfTheDocumentsWritesATable() throws Exception {
    Path path = directory.resolve("example.sst");
    NavigableMap<MemorySegment, MemorySegment> sorted =
        new TreeMap<>((a, b) -> Keys.compare(a, 0, (int) a.byteSize(), b, 0, (int) b.byteSize()));
    sorted.put(text("b"), text("2"));
    sorted.put(text("a"), text("1"));
    try (Sink sink = io.sink(path, FileSinkOptions.defaults());
        TableWriter table = TableWriter.to(sink, io.pool(), TableWriterOptions.defaults())) {
      for (var entry : sorted.entrySet()) {
        table.add(entry.getKey(), entry.getValue());
      }
      table.complete(); // on the device, and under its name
    }
    NavigableMap<byte[], byte[]> expected = Entries.none();
    expected.put("a".getBytes(UTF_8), "1".getBytes(UTF_8));
    expected.put("b".getBytes(UTF_8), "2".getBytes(UTF_8));
    readByRocksDb(path, expected);
  }

  // ---- the others

  private static List<TableCompression> writable() {
    return List.of(TableCompression.NONE, TableCompression.LZ4, TableCompression.ZSTD);
  }

  private static String rocksName(TableCompression compression) {
    return compression == TableCompression.NONE ? "NoCompression" : compression.name();
  }

  static Path write(TableWriterOptions options, NavigableMap<byte[], byte[]> entries)
      throws IOException {
    Path file = directory.resolve("written" + files++ + ".sst");
    try (Sink sink = io.sink(file, FileSinkOptions.defaults());
        TableWriter table = TableWriter.to(sink, io.pool(), options)) {
      for (var each : entries.entrySet()) {
        table.add(MemorySegment.ofArray(each.getKey()), MemorySegment.ofArray(each.getValue()));
      }
      assertThat(table.entries()).isEqualTo(entries.size());
      long bytes = table.complete();
      assertThat(Files.size(file)).isEqualTo(bytes);
    }
    return file;
  }

  private static void readByRocksDb(Path file, NavigableMap<byte[], byte[]> entries)
      throws RocksDBException {
    try (Options options = new Options();
        SstFileReader reader = new SstFileReader(options);
        ReadOptions reading = new ReadOptions().setVerifyChecksums(true)) {
      reader.open(file.toString());
      reader.verifyChecksum();
      assertThat(reader.getTableProperties().getNumEntries()).isEqualTo(entries.size());
      try (SstFileReaderIterator all = reader.newIterator(reading)) {
        check(all, all::key, all::value, entries);
        for (byte[] key : entries.keySet()) {
          all.seek(key);
          assertThat(all.isValid()).isTrue();
          assertThat(all.key()).isEqualTo(key);
        }
      }
    }
  }

  private static void check(
      RocksIteratorInterface all,
      Supplier<byte[]> key,
      Supplier<byte[]> value,
      NavigableMap<byte[], byte[]> entries)
      throws RocksDBException {
    all.seekToFirst();
    for (var each : entries.entrySet()) {
      assertThat(all.isValid()).isTrue();
      assertThat(key.get()).isEqualTo(each.getKey());
      assertThat(value.get()).isEqualTo(each.getValue());
      all.next();
    }
    assertThat(all.isValid()).isFalse();
    all.status();
  }

  private static MemorySegment text(String text) {
    return MemorySegment.ofArray(text.getBytes(UTF_8));
  }

  private static String run(Path program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
