package io.ringwell.kv.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.kv.KvIterator;
import io.ringwell.kv.Retained;
import io.ringwell.kv.Trials;
import io.ringwell.kv.table.RocksTables.Shape;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;

/// Steps that have to wait for a read, reads that fail, and iterators that are closed meanwhile.
class SuspendedTableTest {
  private static final long SEED = Trials.seed(SuspendedTableTest.class);

  /// A step waits for reads alone, and not for a helper.
  private static final TableOptions ALONE = TableOptions.defaults().withHelpers(0);

  @TempDir static Path directory;
  private static Engine engine;
  private static NavigableMap<byte[], byte[]> entries;
  private static final List<byte[]> TABLES = new ArrayList<>();

  @BeforeAll
  static void write() throws Exception {
    engine = Engine.open(EngineOptions.defaults().withPoolBytes(64 << 20));
    entries = Entries.random(new Random(SEED), 3000, 200);
    for (IndexType index : List.of(IndexType.kBinarySearch, IndexType.kTwoLevelIndexSearch)) {
      for (CompressionType compression :
          List.of(CompressionType.NO_COMPRESSION, CompressionType.LZ4_COMPRESSION)) {
        try (Shape shape = new Shape().index(index).compression(compression)) {
          Path file = directory.resolve("table.sst");
          RocksTables.write(file, shape, entries);
          TABLES.add(Files.readAllBytes(file));
        }
      }
    }
  }

  @AfterAll
  static void close() {
    assertThat(engine.pool().stats().inUseBytes()).isZero();
    engine.close();
  }

  private interface Step {
    int poll() throws IOException;
  }

  /// Polls until the step is done, letting reads go in any order.
  private static int drive(KvIterator at, Step step, HeldSource source, Random random)
      throws IOException {
    int result;
    while ((result = step.poll()) == KvIterator.PENDING) {
      assertThat(at.isValid()).isFalse();
      assertThat(source.count()).isPositive();
      source.letGo(random);
    }
    return result;
  }

  @Test
  void aStepIsPendingWhileItsBlockIsRead() throws Exception {
    Random random = new Random(SEED);
    for (byte[] bytes : TABLES) {
      HeldSource source = new HeldSource(bytes);
      try (Table table = Table.open(engine, source, ALONE);
          KvIterator at = table.iterator()) {
        source.hold(true);
        assertThat(at.poll()).isEqualTo(KvIterator.PENDING);
        assertThat(at.ready().toCompletableFuture()).isNotDone();
        assertThat(at.poll()).isEqualTo(KvIterator.PENDING);
        for (var each : entries.entrySet()) {
          assertThat(drive(at, at::poll, source, random)).isEqualTo(KvIterator.ENTRY);
          Entries.checkEntry(at, each.getKey(), each.getValue());
        }
        assertThat(drive(at, at::poll, source, random)).isEqualTo(KvIterator.END);
        for (var each : entries.descendingMap().entrySet()) {
          assertThat(drive(at, at::pollPrevious, source, random)).isEqualTo(KvIterator.ENTRY);
          Entries.checkEntry(at, each.getKey(), each.getValue());
        }
        assertThat(drive(at, at::pollPrevious, source, random)).isEqualTo(KvIterator.END);
      }
      while (source.count() > 0) {
        source.letGo(random);
      }
    }
  }

  @Test
  void aPendingStepIsGivenUpByASeek() throws Exception {
    Random random = new Random(SEED);
    List<byte[]> keys = new ArrayList<>(entries.keySet());
    for (byte[] bytes : TABLES) {
      HeldSource source = new HeldSource(bytes);
      try (Table table = Table.open(engine, source, ALONE);
          KvIterator at = table.iterator()) {
        source.hold(true);
        for (int i = 0; i < 500; i++) {
          byte[] key = keys.get(random.nextInt(keys.size()));
          boolean back = random.nextBoolean();
          byte @Nullable [] wanted = back ? entries.lowerKey(key) : key;
          at.seek(Entries.segment(key));
          if (random.nextInt(3) == 0) {
            // Not driven to its end: the next seek gives it up.
            int ignored = back ? at.pollPrevious() : at.poll();
            assertThat(ignored).isNotNegative();
            continue;
          }
          int found = drive(at, back ? at::pollPrevious : at::poll, source, random);
          assertThat(found).isEqualTo(wanted == null ? KvIterator.END : KvIterator.ENTRY);
          if (wanted != null) {
            Entries.checkEntry(at, wanted, entries.get(wanted));
          }
        }
      }
      while (source.count() > 0) {
        source.letGo(random);
      }
    }
  }

  @Test
  void aFailedReadIsToldOnceAndASeekGoesOn() throws Exception {
    Random random = new Random(SEED);
    byte[] key = entries.firstKey();
    for (byte[] bytes : TABLES) {
      HeldSource source = new HeldSource(bytes);
      try (Table table = Table.open(engine, source, ALONE);
          KvIterator at = table.iterator()) {
        source.hold(true).fail(true);
        assertThatThrownBy(() -> drive(at, at::poll, source, random))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("held fails at");
        assertThatThrownBy(at::poll).isInstanceOf(IllegalStateException.class);
        source.fail(false);
        at.seek(Entries.segment(key));
        assertThat(drive(at, at::poll, source, random)).isEqualTo(KvIterator.ENTRY);
        Entries.checkEntry(at, key, entries.get(key));
      }
      while (source.count() > 0) {
        source.letGo(random);
      }
    }
  }

  @Test
  void anIteratorMayBeClosedWhileItReads() throws Exception {
    Random random = new Random(SEED);
    for (byte[] bytes : TABLES) {
      HeldSource source = new HeldSource(bytes);
      try (Table table = Table.open(engine, source, ALONE)) {
        source.hold(true);
        for (int i = 0; i < 50; i++) {
          KvIterator at = table.iterator();
          assertThat(at.poll()).isEqualTo(KvIterator.PENDING);
          at.close();
          assertThatThrownBy(at::poll).isInstanceOf(IllegalStateException.class);
        }
        assertThat(engine.pool().stats().inUseBytes()).isPositive();
        while (source.count() > 0) {
          source.letGo(random);
        }
        assertThat(engine.pool().stats().inUseBytes()).isZero();
      }
    }
  }

  @Test
  void manySuspendedScansHoldLittleMemoryAndNoThread() throws Exception {
    int scans = 1000;
    Random random = new Random(SEED);
    HeldSource source = new HeldSource(TABLES.getLast());
    int threads = Thread.activeCount();
    try (Table table = Table.open(engine, source, ALONE)) {
      List<KvIterator> all = new ArrayList<>();
      source.hold(true);
      for (int i = 0; i < scans; i++) {
        KvIterator at = table.iterator();
        all.add(at);
        assertThat(at.poll()).isEqualTo(KvIterator.PENDING);
      }
      assertThat(engine.pool().stats().inUseBytes()).isLessThan(scans * 20L * 1024);
      assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 1);
      while (source.count() > 0) {
        source.letGo(random);
      }
      for (KvIterator at : all) {
        assertThat(drive(at, at::poll, source, random)).isEqualTo(KvIterator.ENTRY);
        Entries.checkEntry(at, entries.firstKey(), entries.firstEntry().getValue());
        at.close();
      }
    }
  }

  @Test
  void whatIsRetainedOutlivesTheIteratorAndIsNotCopied() throws Exception {
    for (byte[] bytes : TABLES) {
      List<Retained> kept = new ArrayList<>();
      try (Table table = Table.open(engine, new HeldSource(bytes), ALONE)) {
        try (KvIterator at = table.iterator()) {
          while (at.next()) {
            byte[] value = Entries.value(at);
            kept.add(at.retain());
            assertThat(Entries.value(at)).isEqualTo(value);
          }
        }
      }
      assertThat(engine.pool().stats().inUseBytes()).isPositive();
      int number = 0;
      for (var each : entries.entrySet()) {
        try (Retained one = kept.get(number++)) {
          assertThat(one.key().segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(each.getKey());
          assertThat(one.value().segment().toArray(ValueLayout.JAVA_BYTE))
              .isEqualTo(each.getValue());
        }
      }
      assertThat(engine.pool().stats().inUseBytes()).isZero();
    }
  }
}
