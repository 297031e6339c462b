package io.ringwell.kv.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.kv.KvIterator;
import io.ringwell.kv.KvScan;
import io.ringwell.kv.Trials;
import io.ringwell.kv.table.RocksTables.Shape;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.CompressionType;

/// Many scans that wait for their reads at once: they hold no thread, and memory for a read each.
class ThousandScansTest {
  private static final long SEED = Trials.seed(ThousandScansTest.class);
  private static final int SCANS = 1000;

  /// What the first read of a scan takes, with the memory that it takes up in the pool.
  private static final long MOST_BYTES_EACH = 16 << 10;

  @TempDir static Path directory;

  @Test
  @Timeout(60)
  void scansThatWaitHoldNoThreadAndAReadEach() throws Exception {
    Random random = new Random(SEED);
    NavigableMap<byte[], byte[]> entries = Entries.random(random, 1000, 100);
    Path file = directory.resolve("table.sst");
    try (Shape shape = new Shape().compression(CompressionType.LZ4_COMPRESSION)) {
      RocksTables.write(file, shape, entries);
    }
    HeldSource source = new HeldSource(Files.readAllBytes(file));
    List<KvIterator> iterators = new ArrayList<>();
    try (Engine engine = Engine.open(EngineOptions.defaults().withPoolBytes(64 << 20));
        ExecutorService executor = Executors.newSingleThreadExecutor();
        Table table = Table.open(engine, source, TableOptions.defaults().withHelpers(0))) {
      executor.submit(() -> {}).get();
      int threads = ManagementFactory.getThreadMXBean().getThreadCount();
      long before = engine.pool().stats().inUseBytes();
      source.hold(true);
      List<CompletableFuture<Long>> scans = new ArrayList<>();
      for (int i = 0; i < SCANS; i++) {
        KvIterator each = table.iterator();
        iterators.add(each);
        scans.add(KvScan.forEach(each, at -> true, executor, 100).toCompletableFuture());
      }
      // One thread runs all turns: once it does this, every scan waits, and it is free.
      executor.submit(() -> {}).get();
      assertThat(scans).noneMatch(CompletableFuture::isDone);
      assertThat(source.count()).isGreaterThanOrEqualTo(SCANS);
      long held = engine.pool().stats().inUseBytes() - before;
      System.out.printf("%d scans wait: %d KiB each%n", SCANS, (held >> 10) / SCANS);
      assertThat(held).isLessThanOrEqualTo(SCANS * MOST_BYTES_EACH);
      assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThanOrEqualTo(threads);

      CompletableFuture<Void> all =
          CompletableFuture.allOf(scans.toArray(new CompletableFuture<?>[0]));
      while (!all.isDone()) {
        while (source.count() > 0) {
          source.letGo(random);
        }
        executor.submit(() -> {}).get();
      }
      assertThat(scans).allMatch(scan -> scan.resultNow() == entries.size());
      iterators.forEach(KvIterator::close);
      assertThat(engine.pool().stats().inUseBytes()).isEqualTo(before);
    }
  }
}
