package io.ringwell.kv.table;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.Engine;
import io.ringwell.kv.KvIterator;
import io.ringwell.kv.MergeIterator;
import io.ringwell.kv.table.RocksTables.Shape;
import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rocksdb.ChecksumType;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.StringAppendOperator;

/// Entries whose meaning takes more than their table are never left out and never taken for values:
/// whoever comes to one is told, by every way to it, and those beside it can be read.
class RefusedEntryTest {
  @TempDir Path directory;
  private Engine engine;

  @BeforeEach
  void open() {
    RocksDB.loadLibrary();
    engine = Engine.open();
  }

  @AfterEach
  void close() {
    OpenAheadTest.awaitEmpty(engine.pool());
    engine.close();
  }

  private interface Writing {
    void to(RocksDB database) throws RocksDBException;
  }

  /// The table that a database makes of what it was given.
  private Path flushed(Options options, Writing writing) throws Exception {
    Path home = directory.resolve("db");
    try (options;
        FlushOptions flush = new FlushOptions();
        RocksDB database = RocksDB.open(options.setCreateIfMissing(true), home.toString())) {
      writing.to(database);
      database.flush(flush);
    }
    try (Stream<Path> all = Files.list(home)) {
      return all.filter(each -> each.toString().endsWith(".sst")).findFirst().orElseThrow();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static void assertRefused(Path file, String what, ThrowingCallable way) {
    assertThatExceptionOfType(TableException.class)
        .isThrownBy(way)
        .satisfies(told -> {
          assertThat(told.offset()).isZero();
          assertThat(told)
              .hasMessageStartingWith(file + ": data block at 0: the entry at ")
              .hasMessageContaining(what)
              .hasMessageEndingWith("read the table with RocksDB");
          assertThat(told.getMessage()).doesNotContain("\n");
        });
  }

  /// Entry `b` is refused, `a` and `c` are values.
  private void check(Path file, String what) throws IOException {
    try (Table table = Table.open(engine, file, TableOptions.defaults());
        KvIterator at = table.iterator()) {
      assertThat(at.next()).isTrue();
      assertThat(Entries.value(at)).isEqualTo(bytes("first"));
      assertRefused(file, what, at::next);
      // Whoever goes on is not taken past it.
      assertThatThrownBy(at::next).isInstanceOf(IllegalStateException.class);
      at.seek(Entries.segment(bytes("b")));
      assertRefused(file, what, at::next);
      at.seek(Entries.segment(bytes("c")));
      assertThat(at.next()).isTrue();
      assertThat(Entries.value(at)).isEqualTo(bytes("last"));
      assertRefused(file, what, at::previous);
      assertRefused(file, what, () -> table.multiGet(segments("a", "b")));
      // It is as it was written, which is another question.
      assertThat(TableCheck.verify(table).entries()).isEqualTo(3);
      List<@Nullable Bytes> beside = table.multiGet(segments("a", "bb", "c"));
      assertThat(beside.get(1)).isNull();
      for (int each : new int[] {0, 2}) {
        try (Bytes value = beside.get(each)) {
          assertThat(value).isNotNull();
          assertThat(value.toArray()).isEqualTo(bytes(each == 0 ? "first" : "last"));
        }
      }
      try (KvIterator merged = MergeIterator.of(List.of(table.iterator(), table.iterator()))) {
        assertRefused(
            file,
            what,
            () -> {
              while (merged.next()) {
                assertThat(Entries.key(merged)).isEqualTo(bytes("a"));
              }
            });
      }
    }
  }

  private static List<MemorySegment> segments(String... keys) {
    return Stream.of(keys).map(each -> Entries.segment(bytes(each))).toList();
  }

  @Test
  void anOperandOfAMerge() throws Exception {
    Path file =
        flushed(
            new Options().setMergeOperator(new StringAppendOperator()),
            database -> {
              database.put(bytes("a"), bytes("first"));
              database.merge(bytes("b"), bytes("more"));
              database.put(bytes("c"), bytes("last"));
            });
    check(file, "an operand of a merge");
  }

  @Test
  void aValueThatLiesInABlobFile() throws Exception {
    Path file =
        flushed(
            new Options().setEnableBlobFiles(true).setMinBlobSize(100),
            database -> {
              database.put(bytes("a"), bytes("first"));
              database.put(bytes("b"), new byte[1000]);
              database.put(bytes("c"), bytes("last"));
            });
    check(file, "a value that lies in a blob file");
  }

  /// RocksDB's Java has no call that writes wide columns, and none of kinds that are not known: the
  /// kind of an ordinary entry is changed.
  @ParameterizedTest
  @CsvSource({
    "22, a value of wide columns",
    "23, 'of kind 23, which is not known'",
    "255, of kind"
  })
  void aValueOfWideColumnsOrOfAnUnknownKind(int kind, String what) throws Exception {
    NavigableMap<byte[], byte[]> entries = Entries.none();
    entries.put(bytes("a"), bytes("first"));
    entries.put(bytes("b"), bytes("columns"));
    entries.put(bytes("c"), bytes("last"));
    Path file = directory.resolve("wide.sst");
    try (Shape shape =
        new Shape()
            .compression(CompressionType.NO_COMPRESSION)
            .checksum(ChecksumType.kNoChecksum)) {
      RocksTables.write(file, shape, entries);
    }
    byte[] all = Files.readAllBytes(file);
    int entry = new String(all, ISO_8859_1).indexOf("b\1\0\0\0");
    all[entry + 1] = (byte) kind;
    Files.write(file, all);
    check(file, what);
  }

  @Test
  void aRangeOfKeysThatIsRemoved() throws Exception {
    Path file =
        flushed(
            new Options(),
            database -> {
              database.put(bytes("a"), bytes("first"));
              database.deleteRange(bytes("b"), bytes("c"));
            });
    try (Table table = Table.open(engine, file, TableOptions.defaults())) {
      assertThat(table.hasRangeDeletes()).isTrue();
      assertThat(table.properties().rangeDeletes()).isEqualTo(1);
      for (ThrowingCallable way :
          List.<ThrowingCallable>of(table::iterator, () -> table.multiGet(segments("a")))) {
        assertThatExceptionOfType(TableException.class)
            .isThrownBy(way)
            .withMessageStartingWith(file + ": ")
            .withMessageContaining("it removes ranges of keys, also of other tables")
            .withMessageEndingWith("compact the database, or read it with RocksDB");
      }
    }
  }
}
