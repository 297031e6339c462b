package io.ringwell.kv.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.OpenOptions;
import io.ringwell.kv.KvIterator;
import io.ringwell.kv.Trials;
import io.ringwell.kv.table.RocksTables.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.CompressionType;

/// Iterators and tables that are closed by another thread in the middle of a scan.
class TableCloseTest {
  private static final long SEED = Trials.seed(TableCloseTest.class);

  @TempDir static Path directory;
  private static Path file;
  private static NavigableMap<byte[], byte[]> entries;

  @BeforeAll
  static void write() throws Exception {
    entries = Entries.random(new Random(SEED), 2000, 100);
    file = directory.resolve("table.sst");
    try (Shape shape = new Shape().compression(CompressionType.LZ4_COMPRESSION)) {
      RocksTables.write(file, shape, entries);
    }
  }

  /// What the scan sees is right, until it is told that something was closed.
  private static void scan(KvIterator at) throws IOException {
    try {
      for (Map.Entry<byte[], byte[]> each : entries.entrySet()) {
        if (!at.next()) {
          throw new AssertionError("the table ended before " + entries.size() + " entries");
        }
        byte[] key = Entries.key(at);
        byte[] value = Entries.value(at);
        if (!Arrays.equals(key, each.getKey()) || !Arrays.equals(value, each.getValue())) {
          // Only memory that was given back by a close may show something else.
          assertThatThrownBy(at::next)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("closed");
          return;
        }
      }
    } catch (IllegalStateException closed) {
      assertThat(closed).hasMessageContaining("closed");
    }
  }

  private static void run(int rounds, long end) throws Exception {
    Random random = new Random(SEED);
    try (Engine engine = Engine.open(EngineOptions.defaults().withPoolBytes(16 << 20));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      int round = 0;
      for (; round < rounds && System.nanoTime() - end < 0; round++) {
        // Direct reads are always in flight.
        OpenOptions options = round % 2 == 0 ? OpenOptions.read() : OpenOptions.read().direct();
        try (AsyncFile open = AsyncFile.open(engine, file, options)) {
          Table table = Table.open(open, TableOptions.defaults());
          KvIterator at = table.iterator();
          Future<?> scan =
              threads.submit(() -> {
                scan(at);
                return null;
              });
          long spins = random.nextInt(200_000);
          for (long i = 0; i < spins; i++) {
            Thread.onSpinWait();
          }
          if (random.nextInt(4) == 0) {
            table.close();
          }
          at.close();
          scan.get();
          table.close();
        }
      }
      OpenAheadTest.awaitEmpty(engine.pool());
      System.out.println(round + " rounds of closing");
    }
  }

  @Test
  void aCloseInTheMiddleOfAScanIsSafe() throws Exception {
    run(500, Long.MAX_VALUE);
  }

  @Test
  @Tag("soak")
  void aHundredThousandClosesInTheMiddleOfScansAreSafe() throws Exception {
    run(100_000, Trials.soakEnd());
  }

  @AfterAll
  static void nothingIsLeft() {
    assertThat(file).exists();
  }
}
