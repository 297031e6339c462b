package io.ringwell.kv.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.EngineOptions.Choice;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.OpenOptions;
import io.ringwell.kv.KvIterator;
import io.ringwell.kv.Trials;
import io.ringwell.memory.Bytes;
import io.ringwell.sink.FileSinkOptions;
import io.ringwell.sink.Sink;
import io.ringwell.sink.Sinks;
import io.ringwell.testkit.FaultEngine;
import io.ringwell.testkit.FaultPlan;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tables on an engine whose operations fail, come short, late or not at all: whoever writes or
/// reads is told in one exception, and the file under the table's name is whole or what it was.
class TableFaultTest {
  private static final long SEED = Trials.seed(TableFaultTest.class);
  private static final int ROUNDS = 40;
  private static final byte[] OLD = "what was there before".getBytes(UTF_8);

  @TempDir Path directory;
  private int tables;
  private int failures;

  @Test
  @Timeout(300)
  void aTableIsWrittenWholeOrNotAtAll() throws Exception {
    run(ROUNDS, Long.MAX_VALUE);
    assertThat(tables).isPositive();
    assertThat(failures).isPositive();
  }

  @Test
  @Tag("soak")
  void aTableIsWrittenWholeOrNotAtAllForLong() throws Exception {
    run(100 * ROUNDS, Trials.soakEnd());
    System.out.println(tables + " tables were written, " + failures + " were not");
  }

  private void run(int rounds, long end) throws Exception {
    try (Engine sound = Engine.open()) {
      for (int round = 0; round < rounds && System.nanoTime() - end < 0; round++) {
        Random random = new Random(SEED + round);
        EngineOptions options =
            EngineOptions.defaults()
                .withPoolBytes(8 << 20)
                .withChoice(round % 2 == 0 ? Choice.BEST : Choice.THREADS);
        Engine engine = new FaultEngine(Engine.open(options), plan(SEED + round, random));
        try {
          write(engine, sound, random);
        } catch (Throwable e) {
          throw new AssertionError("-Dringwell.seed=" + (SEED + round) + " round 0: " + e, e);
        } finally {
          engine.close();
        }
        OpenAheadTest.awaitEmpty(engine.pool());
        assertThat(engine.pool().stats().lentBytes()).isZero();
        assertThat(engine.pool().stats().damaged()).isZero();
      }
    }
  }

  /// From one error in a hundred attempts to one in three.
  private static FaultPlan plan(long seed, Random random) {
    double rate = new double[] {0, 0.01, 0.05, 0.3}[random.nextInt(4)];
    return new FaultPlan(seed, 0.3, 0.1, 0.1, 0.3, Duration.ofMillis(2), 0.3, rate, rate / 4);
  }

  // ---- writing

  private void write(Engine engine, Engine sound, Random random) throws Exception {
    Path file = directory.resolve("table.sst");
    Files.deleteIfExists(file);
    boolean replaced = random.nextBoolean();
    if (replaced) {
      Files.write(file, OLD);
    }
    NavigableMap<byte[], byte[]> entries = Entries.random(random, random.nextInt(4000), 300);
    IOException told = write(engine, file, entries, random);
    // The table or what was there before, and nothing beside it.
    try (Stream<Path> all = Files.list(directory)) {
      assertThat(all.toList()).isEqualTo(told == null || replaced ? List.of(file) : List.of());
    }
    assertThat(openFiles(directory)).isEmpty();
    if (told == null) {
      tables++;
      try (Table table = Table.open(sound, file, TableOptions.defaults())) {
        assertThat(TableCheck.verify(table).entries()).isEqualTo(entries.size());
        try (KvIterator at = table.iterator()) {
          Entries.checkForward(at, entries);
        }
      }
      read(engine, file, entries, random);
      return;
    }
    failures++;
    if (replaced) {
      assertThat(file).hasBinaryContent(OLD);
    }
    assertClear(told, file);
  }

  private static @Nullable IOException write(
      Engine engine, Path file, NavigableMap<byte[], byte[]> entries, Random random)
      throws IOException {
    FileSinkOptions sinkOptions =
        random.nextBoolean()
            ? FileSinkOptions.defaults().withMaxBytes(300 << 10)
            : FileSinkOptions.defaults().withDirect();
    TableWriterOptions options =
        TableWriterOptions.defaults()
            .withCompression(random.nextBoolean() ? TableCompression.LZ4 : TableCompression.NONE)
            .withBlockBytes(500 + random.nextInt(8000))
            .withHelpers(random.nextInt(3));
    Sink sink;
    try {
      sink = Sinks.file(engine, file, sinkOptions);
    } catch (IOException e) {
      return e;
    }
    IOException told = null;
    TableWriter table = TableWriter.to(sink, engine.pool(), options);
    try {
      for (Map.Entry<byte[], byte[]> each : entries.entrySet()) {
        table.add(MemorySegment.ofArray(each.getKey()), MemorySegment.ofArray(each.getValue()));
      }
      table.complete();
    } catch (IOException e) {
      told = e;
      assertThatIllegalStateException().isThrownBy(table::complete);
    } finally {
      table.close();
    }
    try {
      sink.close();
    } catch (IOException e) {
      // The removal of what is unfinished met a fault, too: that is for whoever cleans up.
      assertThat(told).isNotNull();
    }
    return told;
  }

  private static void assertClear(IOException told, Path file) {
    assertThat(told.getMessage())
        .contains(file.resolveSibling("").toString())
        .containsPattern("EIO|ENOSPC|ECANCELED")
        .doesNotContain("\n");
  }

  /// What of this process is open below a directory, as Linux tells.
  private static List<String> openFiles(Path below) throws IOException {
    List<String> found = new ArrayList<>();
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return found;
    }
    try (Stream<Path> all = Files.list(descriptors)) {
      for (Path each : all.toList()) {
        if (Files.isSymbolicLink(each)) {
          String target = Files.readSymbolicLink(each).toString();
          if (target.startsWith(below + "/")) {
            found.add(target);
          }
        }
      }
    }
    return found;
  }

  // ---- reading

  /// Whatever is read is right; what is not is told.
  private static void read(
      Engine engine, Path file, NavigableMap<byte[], byte[]> entries, Random random)
      throws Exception {
    OpenOptions options = OpenOptions.read();
    try (AsyncFile open =
            AsyncFile.open(engine, file, random.nextBoolean() ? options.direct() : options);
        Table table = Table.open(open, TableOptions.defaults().withHelpers(random.nextInt(3)))) {
      scan(table, entries, file);
      multiGet(table, entries, file);
    } catch (IOException e) {
      assertClear(e, file);
    }
  }

  private static void scan(Table table, NavigableMap<byte[], byte[]> entries, Path file)
      throws IOException {
    try (KvIterator at = table.iterator()) {
      byte[] from = new byte[0];
      for (int errors = 0; errors < 20; errors++) {
        at.seek(Entries.segment(from));
        try {
          for (Map.Entry<byte[], byte[]> each : entries.tailMap(from, true).entrySet()) {
            from = each.getKey();
            assertThat(at.next()).isTrue();
            Entries.checkEntry(at, each.getKey(), each.getValue());
          }
          assertThat(at.next()).isFalse();
          return;
        } catch (IOException e) {
          assertClear(e, file);
        }
      }
    }
  }

  private static void multiGet(Table table, NavigableMap<byte[], byte[]> entries, Path file)
      throws IOException {
    List<byte[]> keys = new ArrayList<>(entries.keySet());
    try {
      List<@Nullable Bytes> values = table.multiGet(keys.stream().map(Entries::segment).toList());
      for (int i = 0; i < keys.size(); i++) {
        try (Bytes value = values.get(i)) {
          assertThat(value).isNotNull();
          assertThat(value.toArray()).isEqualTo(entries.get(keys.get(i)));
        }
      }
    } catch (IOException e) {
      assertClear(e, file);
    }
  }
}
