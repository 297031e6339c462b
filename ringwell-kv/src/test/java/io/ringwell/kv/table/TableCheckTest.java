package io.ringwell.kv.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ringwell.engine.Engine;
import io.ringwell.kv.Trials;
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
import org.rocksdb.BloomFilter;
import org.rocksdb.IndexType;

/// Whole tables looked at: those that RocksDB wrote are right, and no bit of them changes unseen.
class TableCheckTest {
  private static final int ENTRIES = 300;

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

  private static byte[] table(Shape shape, Random random) throws Exception {
    try (shape;
        BloomFilter filter = new BloomFilter(10)) {
      shape.table.setFilterPolicy(filter).setBlockSize(512);
      NavigableMap<byte[], byte[]> entries = Entries.random(random, ENTRIES, 60);
      Path file = directory.resolve(files++ + ".sst");
      RocksTables.write(file, shape, entries);
      return Files.readAllBytes(file);
    }
  }

  private static TableCheck.Result verify(byte[] bytes) throws Exception {
    Path file = Files.write(directory.resolve("checked.sst"), bytes);
    try (Table table = Table.open(engine, file, TableOptions.defaults())) {
      return TableCheck.verify(table);
    }
  }

  @Test
  void whatRocksDbWroteIsRight() throws Exception {
    Random random = new Random(Trials.seed(TableCheckTest.class));
    for (int version : new int[] {2, 5, 7}) {
      for (IndexType index :
          new IndexType[] {IndexType.kBinarySearch, IndexType.kTwoLevelIndexSearch}) {
        TableCheck.Result result = verify(table(new Shape().version(version).index(index), random));
        assertThat(result.entries()).isEqualTo(ENTRIES);
        assertThat(result.blocks()).isGreaterThan(10);
        assertThat(result.metaBlocks()).isGreaterThanOrEqualTo(2);
      }
    }
  }

  /// Filters, too, which no scan reads; from version 6 on the footer, too.
  @Test
  void noByteChangesUnseen() throws Exception {
    Random random = new Random(Trials.seed(TableCheckTest.class));
    byte[] bytes = table(new Shape().version(7), random);
    verify(bytes);
    for (int at = random.nextInt(20); at < bytes.length; at += 1 + random.nextInt(60)) {
      byte[] changed = bytes.clone();
      changed[at] ^= (byte) (1 << random.nextInt(8));
      assertThatExceptionOfType(TableException.class)
          .as("byte %d of %d", at, bytes.length)
          .isThrownBy(() -> verify(changed))
          .withMessageContaining("checked.sst");
    }
  }

  @Test
  void theIndexIsShownInOrder() throws Exception {
    Random random = new Random(Trials.seed(TableCheckTest.class));
    Path file = Files.write(directory.resolve("shown.sst"), table(new Shape(), random));
    try (Table table = Table.open(engine, file, TableOptions.defaults())) {
      List<Long> ends = new ArrayList<>();
      TableCheck.index(
          table,
          (offset, size, separator) -> {
            assertThat(offset).isEqualTo(ends.isEmpty() ? 0 : ends.getLast());
            ends.add(offset + size + BlockHandle.TRAILER_BYTES);
          });
      assertThat(ends).hasSize((int) TableCheck.verify(table).blocks());
    }
  }

  @Test
  void withoutChecksumsThereIsNothingToVerify() throws Exception {
    Random random = new Random(Trials.seed(TableCheckTest.class));
    Path file = Files.write(directory.resolve("without.sst"), table(new Shape(), random));
    TableOptions options = TableOptions.defaults().withChecksumsVerified(false);
    try (Table table = Table.open(engine, file, options)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TableCheck.verify(table))
          .withMessageContaining("without checksums");
    }
  }
}
