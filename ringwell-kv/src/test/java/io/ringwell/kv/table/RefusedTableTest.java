package io.ringwell.kv.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.Engine;
import io.ringwell.kv.KvIterator;
import io.ringwell.kv.table.RocksTables.Shape;
import io.ringwell.memory.IoBuffer;
import io.ringwell.window.WindowSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BuiltinComparator;
import org.rocksdb.CompressionType;
import org.rocksdb.EnvOptions;
import org.rocksdb.Options;
import org.rocksdb.SstFileWriter;

/// What cannot be read rightly is refused, in one line that names file, block, place and remedy.
class RefusedTableTest {
  @TempDir Path directory;
  private static Engine engine;

  @BeforeAll
  static void open() {
    engine = Engine.open();
  }

  @AfterAll
  static void close() {
    assertThat(engine.pool().stats().inUseBytes()).isZero();
    engine.close();
  }

  private interface Writing {
    void to(SstFileWriter writer) throws Exception;
  }

  private Path write(Options options, Writing writing) throws Exception {
    new Shape().close();
    Path file = directory.resolve("refused.sst");
    try (options;
        EnvOptions environment = new EnvOptions();
        SstFileWriter writer = new SstFileWriter(environment, options)) {
      writer.open(file.toString());
      writing.to(writer);
      writer.finish();
    }
    return file;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void anotherOrderOfKeysIsRefused() throws Exception {
    Options options = new Options().setComparator(BuiltinComparator.REVERSE_BYTEWISE_COMPARATOR);
    Path file =
        write(
            options,
            writer -> {
              writer.put(bytes("b"), bytes("1"));
              writer.put(bytes("a"), bytes("2"));
            });
    try (Table table = Table.open(engine, file, TableOptions.defaults())) {
      assertThat(table.properties().comparator()).contains("Reverse");
      assertThatThrownBy(table::iterator)
          .isInstanceOf(TableException.class)
          .hasMessageContaining("only that of bytes can be read");
    }
  }

  @Test
  void whatIsNoTableIsSaidToBeNone() throws Exception {
    for (int size : new int[] {0, 1, 47, 48, 52, 53, 10_000}) {
      Path file = Files.write(directory.resolve("none"), new byte[size]);
      assertThatThrownBy(() -> Table.open(engine, file, TableOptions.defaults()))
          .isInstanceOf(TableException.class)
          .hasMessageStartingWith(file + ": footer at ");
    }
  }

  @Test
  void aVersionOfTheFutureIsRefusedByItsNumber() throws Exception {
    Path file = write(new Options(), writer -> writer.put(bytes("a"), bytes("1")));
    byte[] all = Files.readAllBytes(file);
    ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putInt(all.length - 12, 8);
    Files.write(file, all);
    assertThatThrownBy(() -> Table.open(engine, file, TableOptions.defaults()))
        .isInstanceOf(TableException.class)
        .hasMessageContaining("version is 8; versions from 2 to 7 can be read");
  }

  @Test
  void aBlockThatIsLargerThanAllowedIsRefusedBeforeMemoryIsTaken() throws Exception {
    NavigableMap<byte[], byte[]> entries = Entries.none();
    entries.put(bytes("small"), new byte[10]);
    entries.put(bytes("zeros"), new byte[8 << 20]);
    for (CompressionType compression :
        new CompressionType[] {
          CompressionType.NO_COMPRESSION,
          CompressionType.LZ4_COMPRESSION,
          CompressionType.ZSTD_COMPRESSION,
          CompressionType.ZLIB_COMPRESSION,
          CompressionType.SNAPPY_COMPRESSION
        }) {
      Path file = directory.resolve(compression + ".sst");
      try (Shape shape = new Shape().compression(compression)) {
        RocksTables.write(file, shape, entries);
      }
      TableOptions bounded = TableOptions.defaults().withMaxBlockBytes(1 << 20);
      long before = engine.pool().stats().peakBytes();
      try (Table table = Table.open(engine, file, bounded);
          KvIterator at = table.iterator()) {
        assertThatThrownBy(() -> Entries.checkForward(at, entries))
            .isInstanceOf(TableException.class)
            .hasMessageContaining("1048576 are allowed");
      }
      assertThat(engine.pool().stats().peakBytes() - before).isLessThan(2 << 20);
    }
  }

  @Test
  void aFlippedBitIsToldWithFileBlockAndPlace() throws Exception {
    Path file = directory.resolve("flipped.sst");
    NavigableMap<byte[], byte[]> entries = Entries.random(new Random(1), 5000, 100);
    try (Shape shape = new Shape()) {
      RocksTables.write(file, shape, entries);
    }
    byte[] all = Files.readAllBytes(file);
    all[100] ^= 1;
    Files.write(file, all);
    try (Table table = Table.open(engine, file, TableOptions.defaults());
        KvIterator at = table.iterator()) {
      assertThatThrownBy(at::next)
          .isInstanceOf(TableException.class)
          .hasMessageStartingWith(file + ": data block at 0: its checksum is 0x")
          .hasMessageEndingWith("the file is damaged, take it from a copy");
      at.seek(Entries.segment(entries.lastKey()));
      assertThat(at.next()).isTrue();
    }
    TableOptions unverified = TableOptions.defaults().withChecksumsVerified(false);
    try (Table table = Table.open(engine, file, unverified);
        KvIterator at = table.iterator()) {
      at.seek(Entries.segment(entries.lastKey()));
      assertThat(at.next()).isTrue();
    }
  }

  @Test
  void sourceThatSaysTheSameWhenItIsClosedIsToldOfOnce() {
    IOException dead = new IOException("the line is dead");
    WindowSource source =
        new WindowSource() {
          @Override
          public String name() {
            return "dead";
          }

          @Override
          public long size() {
            return 10_000;
          }

          @Override
          public void read(long position, IoBuffer into, long length, Completion done)
              throws IOException {
            throw dead;
          }

          @Override
          public void close() throws IOException {
            throw dead;
          }
        };
    assertThatThrownBy(() -> Table.open(engine, source, TableOptions.defaults())).isSameAs(dead);
  }
}
