package io.ringwell.kv.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.EngineOptions.Choice;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.OpenOptions;
import io.ringwell.kv.KvIterator;
import io.ringwell.kv.KvScan;
import io.ringwell.kv.Trials;
import io.ringwell.kv.table.RocksTables.Shape;
import io.ringwell.memory.Bytes;
import io.ringwell.testkit.FaultEngine;
import io.ringwell.testkit.FaultPlan;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;

/// Engines that are closed under those who read tables, with their reads in flight: everybody ends,
/// with all entries or an exception that says why there are no more, what was seen is right, and
/// all memory comes back.
class EngineCloseTest {
  private static final long SEED = Trials.seed(EngineCloseTest.class);
  private static final int ROUNDS = 50;
  private static final int SOAK_ROUNDS = 100_000;
  private static final int MOST_SPINS = 300_000;

  @TempDir static Path directory;
  private static final List<Path> FILES = new ArrayList<>();
  private static NavigableMap<byte[], byte[]> entries;
  private static List<byte[]> keys;

  @BeforeAll
  static void write() throws Exception {
    entries = Entries.random(new Random(SEED), 2000, 100);
    keys = List.copyOf(entries.keySet());
    for (IndexType index : List.of(IndexType.kBinarySearch, IndexType.kTwoLevelIndexSearch)) {
      Path file = directory.resolve(index + ".sst");
      try (Shape shape = new Shape().compression(CompressionType.LZ4_COMPRESSION).index(index)) {
        RocksTables.write(file, shape, entries);
      }
      FILES.add(file);
    }
  }

  @Test
  @Timeout(300)
  void anEngineMayBeClosedUnderThoseWhoRead() throws Exception {
    run(ROUNDS, Long.MAX_VALUE);
  }

  @Test
  @Tag("soak")
  void aHundredThousandEnginesMayBeClosedUnderThoseWhoRead() throws Exception {
    run(SOAK_ROUNDS, Trials.soakEnd());
  }

  private static void run(int rounds, long end) throws Exception {
    int round = 0;
    int[] cut = {0};
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (; round < rounds && System.nanoTime() - end < 0; round++) {
        try {
          round(new Random(SEED + round), SEED + round, threads, cut);
        } catch (Throwable e) {
          throw new AssertionError("-Dringwell.seed=" + (SEED + round) + ", first round: " + e, e);
        }
      }
    }
    System.out.println(round + " engines closed, " + cut[0] + " readers cut off");
    assertThat(cut[0]).isPositive();
  }

  private static void round(Random random, long seed, ExecutorService threads, int[] cut)
      throws Exception {
    EngineOptions options =
        EngineOptions.defaults()
            .withPoolBytes(16 << 20)
            .withQueueCapacity(1 << random.nextInt(1, 8))
            .withChoice(random.nextInt(3) > 0 ? Choice.BEST : Choice.THREADS);
    Engine opened = Engine.open(options);
    Engine engine = random.nextBoolean() ? opened : new FaultEngine(opened, FaultPlan.benign(seed));
    List<AutoCloseable> readers = new ArrayList<>();
    List<Future<?>> running = new ArrayList<>();
    try {
      Path path = FILES.get(random.nextInt(FILES.size()));
      OpenOptions how = OpenOptions.read();
      // Direct reads are always in flight.
      AsyncFile file = AsyncFile.open(engine, path, random.nextInt(4) > 0 ? how.direct() : how);
      BlockCache cache = random.nextInt(3) == 0 ? BlockCache.ofMaxBytes(1 << 20) : null;
      if (cache != null) {
        readers.add(cache);
      }
      TableOptions tableOptions =
          TableOptions.defaults().withHelpers(random.nextInt(3)).withCache(cache);
      Table table = Table.open(file, tableOptions);
      readers.add(table);
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        running.add(threads.submit(reader(table, random, threads, readers)));
      }
      spin(random.nextInt(MOST_SPINS));
    } finally {
      engine.close();
    }
    for (Future<?> each : running) {
      cut[0] += endedWell(each) ? 0 : 1;
    }
    for (AutoCloseable each : readers.reversed()) {
      each.close();
    }
    OpenAheadTest.awaitEmpty(engine.pool());
    assertThat(engine.pool().stats().lentBytes()).isZero();
    assertThat(engine.pool().stats().damaged()).isZero();
  }

  private static void spin(int times) {
    for (int i = 0; i < times; i++) {
      Thread.onSpinWait();
    }
  }

  /// False where the close cut it off, and said so.
  private static boolean endedWell(Future<?> reader) throws InterruptedException {
    try {
      reader.get();
      return true;
    } catch (ExecutionException e) {
      Throwable told = e.getCause();
      if (told instanceof IOException || told instanceof IllegalStateException) {
        assertThat(told.getMessage()).as("%s", told).matches(".*(closed|was refused|ECANCELED).*");
        return false;
      }
      throw new AssertionError("a close was told by " + told, told);
    }
  }

  // ---- those who read

  private static Callable<?> reader(
      Table table, Random random, ExecutorService threads, List<AutoCloseable> readers)
      throws IOException {
    if (random.nextInt(3) == 0) {
      Random own = new Random(random.nextLong());
      return () -> multiGet(table, own);
    }
    KvIterator at = table.iterator();
    readers.add(at);
    return random.nextBoolean() ? () -> scan(at) : () -> forEach(at, threads);
  }

  private static @Nullable Void scan(KvIterator at) throws IOException {
    Entries.checkForward(at, entries);
    return null;
  }

  private static @Nullable Void forEach(KvIterator at, ExecutorService threads) throws Exception {
    Iterator<Map.Entry<byte[], byte[]>> expected = entries.entrySet().iterator();
    Future<Long> visited =
        KvScan.forEach(
                at,
                entry -> {
                  Map.Entry<byte[], byte[]> each = expected.next();
                  Entries.checkEntry(entry, each.getKey(), each.getValue());
                  return true;
                },
                threads,
                100)
            .toCompletableFuture();
    try {
      assertThat(visited.get()).isEqualTo(entries.size());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
    return null;
  }

  private static @Nullable Void multiGet(Table table, Random random) throws IOException {
    for (int round = 0; round < 5; round++) {
      List<byte[]> asked = new ArrayList<>();
      for (int i = random.nextInt(300); i >= 0; i--) {
        asked.add(keys.get(random.nextInt(keys.size())));
      }
      List<MemorySegment> segments = asked.stream().map(Entries::segment).toList();
      List<@Nullable Bytes> values = table.multiGet(segments);
      for (int i = 0; i < asked.size(); i++) {
        try (Bytes value = values.get(i)) {
          assertThat(value).isNotNull();
          assertThat(value.toArray()).isEqualTo(entries.get(asked.get(i)));
        }
      }
    }
    return null;
  }
}
