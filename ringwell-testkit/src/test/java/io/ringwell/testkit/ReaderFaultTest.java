package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.OperationException;
import io.ringwell.memory.Bytes;
import io.ringwell.window.AccessHint;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.ReaderSet;
import io.ringwell.window.Readiness;
import io.ringwell.window.Route;
import io.ringwell.window.WholeFiles;
import io.ringwell.window.WholeHandler;
import io.ringwell.window.WholeOptions;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Readers under faults that are seen: each is told, by name, and no byte and no end is wrong.
@ParameterizedClass
@EnumSource(Engines.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ReaderFaultTest {
  private static final List<String> TOLD = List.of("EIO", "ENOSPC", "ECANCELED");

  private final Engines kind;
  private Path directory;
  private int failures;

  ReaderFaultTest(Engines kind) {
    this.kind = kind;
  }

  @BeforeEach
  void open() throws IOException {
    directory = TestFiles.newDirectory("faults");
  }

  @AfterEach
  void close() throws IOException {
    TestFiles.delete(directory);
  }

  @Test
  void faultsAreToldAndNoByteIsWrong() throws IOException {
    rounds(Seeds.first(), 20);
  }

  @Test
  @Tag("soak")
  @Timeout(value = 4, unit = TimeUnit.HOURS)
  void faultsAreToldAndNoByteIsWrongForLong() throws IOException {
    rounds(Seeds.first(), 2000);
  }

  private void rounds(long seed, int rounds) throws IOException {
    System.out.println("ReaderFaultTest: -Dringwell.seed=" + seed);
    byte[] all = ContractCase.pattern(1, 400_000);
    Path file = Files.write(directory.resolve("data"), all);
    for (int round = 0; round < rounds; round++) {
      try (Engine engine = harsh(seed + round)) {
        read(engine, file, all, new SplittableRandom(seed + round));
      }
    }
    assertThat(failures).as("faults told").isPositive();
  }

  private Engine harsh(long seed) {
    EngineOptions options = EngineOptions.defaults().withPoolBytes(16 << 20);
    return new FaultEngine(kind.open(options), FaultPlan.harsh(seed));
  }

  private void read(Engine engine, Path file, byte[] all, SplittableRandom random)
      throws IOException {
    ManagedReader reader = null;
    while (reader == null) {
      try {
        reader = ManagedReader.open(engine, file, options(random));
      } catch (IOException e) {
        expectTold(e);
      }
    }
    for (int step = 0; step < 40; step++) {
      long position = random.nextLong(all.length + 1000);
      Readiness answer = untilAnswered(reader, position);
      if (position < all.length) {
        assertThat(answer).as("at %s", position).isEqualTo(Readiness.READY);
        ReaderCase.expect(reader, position, all);
      } else {
        assertThat(answer).as("at %s", position).isEqualTo(Readiness.END);
      }
    }
    closeAll(List.of(reader));
    assertThat(engine.pool().stats().inUseBytes()).as("in use after close").isZero();
  }

  private ReaderOptions options(SplittableRandom random) {
    AccessHint[] hints = AccessHint.values();
    @Nullable Route[] routes = {null, Route.RING, Route.PREAD_NOWAIT};
    ReaderOptions options =
        ReaderOptions.defaults()
            .withHint(hints[random.nextInt(hints.length)])
            .withBounds(64 << 10, 256 << 10);
    Route route = routes[random.nextInt(routes.length)];
    return route == null || kind == Engines.CHANNELS ? options : options.withRoute(route);
  }

  /// A seek that failed may be repeated.
  private Readiness untilAnswered(ManagedReader reader, long position) {
    while (true) {
      try {
        return reader.await(position);
      } catch (IOException e) {
        expectTold(e);
      }
    }
  }

  private void expectTold(IOException e) {
    failures++;
    // Of a directory or a size, Files may be asked, whose exceptions name the file as well.
    assertThat(e).isInstanceOf(FileSystemException.class);
    if (e instanceof OperationException told) {
      assertThat(TOLD).contains(told.errnoName());
      assertThat(e).hasMessageContaining("data");
    }
  }

  private void closeAll(List<ManagedReader> readers) {
    for (ManagedReader each : readers) {
      try {
        each.close();
      } catch (IOException e) {
        // The close of its file failed, as told.
        failures++;
        assertThat(e).isInstanceOf(OperationException.class);
      }
    }
  }

  @Test
  void setTellsOfFaults() throws IOException {
    long seed = Seeds.first();
    System.out.println("ReaderFaultTest: -Dringwell.seed=" + seed);
    byte[] all = ContractCase.pattern(2, 200_000);
    Path file = Files.write(directory.resolve("data"), all);
    SplittableRandom random = new SplittableRandom(seed);
    try (Engine engine = harsh(seed);
        ReaderSet set = ReaderSet.of(engine)) {
      List<ManagedReader> readers = new ArrayList<>();
      while (readers.size() < 20) {
        try {
          ManagedReader reader = ManagedReader.open(engine, file, options(random));
          set.add(reader);
          readers.add(reader);
        } catch (IOException e) {
          expectTold(e);
        }
      }
      Set<ManagedReader> done = new HashSet<>();
      List<ManagedReader> ask = new ArrayList<>(readers);
      while (done.size() < readers.size()) {
        for (ManagedReader each : ask) {
          if (isReady(each, all)) {
            done.add(each);
          }
        }
        ask.clear();
        set.await(ask, 1, Duration.ofSeconds(30));
        assertThat(done.size() + ask.size() + set.waiting())
            .as("nobody is forgotten")
            .isGreaterThanOrEqualTo(readers.size());
      }
      closeAll(readers);
    }
  }

  private boolean isReady(ManagedReader reader, byte[] all) {
    while (true) {
      try {
        Readiness answer = reader.seek(150_000);
        assertThat(answer).isNotEqualTo(Readiness.END);
        if (answer == Readiness.READY) {
          ReaderCase.expect(reader, 150_000, all);
        }
        return answer == Readiness.READY;
      } catch (IOException e) {
        expectTold(e);
      }
    }
  }

  @Test
  void wholeFilesAreRightOrFail() throws IOException {
    long seed = Seeds.first();
    System.out.println("ReaderFaultTest: -Dringwell.seed=" + seed);
    List<Path> paths = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      paths.add(
          Files.write(directory.resolve("data" + i), ContractCase.pattern(i, 100 * i + i % 7)));
    }
    Set<Path> told = new HashSet<>();
    try (Engine engine = harsh(seed)) {
      long read =
          WholeFiles.read(
              engine,
              paths,
              WholeOptions.defaults(),
              new WholeHandler() {
                @Override
                public void content(Path path, Bytes content) {
                  int i = paths.indexOf(path);
                  assertThat(ReaderCase.content(content))
                      .isEqualTo(ContractCase.pattern(i, 100 * i + i % 7));
                  assertThat(told.add(path)).isTrue();
                }

                @Override
                public void failed(Path path, IOException failure) {
                  expectTold(failure);
                  assertThat(told.add(path)).isTrue();
                }
              });
      assertThat(read).isLessThan(paths.size());
      assertThat(told).hasSize(paths.size());
      assertThat(engine.pool().stats().inUseBytes()).isZero();
    }
  }
}
