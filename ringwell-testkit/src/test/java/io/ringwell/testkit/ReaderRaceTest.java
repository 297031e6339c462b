package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.OperationException;
import io.ringwell.window.AccessHint;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ManagedWriter;
import io.ringwell.window.Overlap;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.Readiness;
import io.ringwell.window.Route;
import io.ringwell.window.Window;
import io.ringwell.window.WriteClaim;
import io.ringwell.window.WriterOptions;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Writers and readers at one file: every block that a window shows is of one version, and none is
/// older than what was committed before the seek.
final class ReaderRaceTest {
  private static final int BLOCK = 32 << 10;
  private static final int BLOCKS = 12;
  private static final int READERS = 3;

  static List<Arguments> enginesAndRoutes() {
    List<Arguments> all = new ArrayList<>();
    for (Engines engine : Engines.values()) {
      all.add(Arguments.of(engine, null));
      all.add(Arguments.of(engine, Route.RING));
      all.add(Arguments.of(engine, Route.MAPPED));
    }
    all.add(Arguments.of(Engines.URING, Route.PREAD_NOWAIT));
    all.add(Arguments.of(Engines.URING, Route.DIRECT));
    all.add(Arguments.of(Engines.URING, Route.UNCACHED));
    return all;
  }

  @ParameterizedTest
  @MethodSource("enginesAndRoutes")
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void noWindowShowsHalfAWriteOrAnOldOne(Engines kind, @Nullable Route route) throws Exception {
    race(kind, route, 60);
  }

  @ParameterizedTest
  @MethodSource("enginesAndRoutes")
  @Tag("soak")
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void noWindowShowsHalfAWriteOrAnOldOneForLong(Engines kind, @Nullable Route route)
      throws Exception {
    race(kind, route, 6000);
  }

  private static void race(Engines kind, @Nullable Route route, int steps) throws Exception {
    long seed = Seeds.first();
    System.out.println("ReaderRaceTest: -Dringwell.seed=" + seed);
    Path directory = TestFiles.newDirectory("race");
    Path path = Files.write(directory.resolve("file"), new byte[BLOCKS * BLOCK]);
    try (Engine engine = kind.open(EngineOptions.defaults().withPoolBytes(32 << 20));
        ManagedWriter writer =
            ManagedWriter.open(engine, path, WriterOptions.defaults().withOverlap(Overlap.WAIT));
        ExecutorService threads = Executors.newCachedThreadPool()) {
      AtomicLongArray committed = new AtomicLongArray(BLOCKS);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        SplittableRandom random = new SplittableRandom(seed + i);
        int first = i;
        all.add(
            threads.submit(() -> {
              write(writer, random, first, committed, steps);
              return null;
            }));
      }
      for (int i = 0; i < READERS; i++) {
        SplittableRandom random = new SplittableRandom(seed + 100 + i);
        all.add(
            threads.submit(() -> {
              try (ManagedReader reader =
                  ManagedReader.open(engine, path, options(route, random))) {
                read(reader, random, committed, steps);
              }
              return null;
            }));
      }
      for (Future<?> each : all) {
        each.get(55L * Math.max(1, steps / 60), TimeUnit.SECONDS);
      }
    } catch (java.util.concurrent.ExecutionException e) {
      assumeFalse(
          e.getCause() instanceof OperationException refused
              && List.of("EOPNOTSUPP", "EINVAL").contains(refused.errnoName()),
          () -> "not on this file system: " + e);
      throw e;
    } finally {
      TestFiles.delete(directory);
    }
  }

  private static ReaderOptions options(@Nullable Route route, SplittableRandom random) {
    AccessHint[] hints = AccessHint.values();
    ReaderOptions options =
        ReaderOptions.defaults()
            .withHint(hints[random.nextInt(hints.length)])
            .withBounds(4 * BLOCK, 8 * BLOCK);
    ReaderOptions mapped = route == Route.MAPPED ? options.allowMapped() : options;
    return route == null ? mapped : mapped.withRoute(route);
  }

  /// Each writer has every second block, so that versions go up; claims of two writers never meet.
  private static void write(
      ManagedWriter writer,
      SplittableRandom random,
      int first,
      AtomicLongArray committed,
      int steps)
      throws IOException {
    for (int step = 0; step < steps; step++) {
      int block = random.nextInt(BLOCKS / 2) * 2 + first;
      long version = committed.get(block) + 1;
      try (WriteClaim claim = writer.beginWrite((long) block * BLOCK, BLOCK)) {
        for (long at = 0; at < BLOCK; at += Long.BYTES) {
          claim.segment().set(ValueLayout.JAVA_LONG_UNALIGNED, at, version);
        }
        writer.commit(claim).await();
      }
      committed.set(block, version);
    }
  }

  private static void read(
      ManagedReader reader, SplittableRandom random, AtomicLongArray committed, int steps)
      throws IOException {
    for (int step = 0; step < 2 * steps; step++) {
      int block = random.nextInt(BLOCKS);
      long atLeast = committed.get(block);
      long position = (long) block * BLOCK + random.nextInt(BLOCK);
      assertThat(reader.await(position)).isEqualTo(Readiness.READY);
      Window window = reader.window();
      long sought = window.asLongs(ByteOrder.nativeOrder()).get((position - window.position()) / 8);
      assertThat(sought).as("version of block %s", block).isGreaterThanOrEqualTo(atLeast);
      expectWholeVersions(window);
    }
  }

  private static void expectWholeVersions(Window window) {
    var longs = window.asLongs(ByteOrder.nativeOrder());
    for (long at = 8; at < window.length(); at += 8) {
      boolean sameBlock = (window.position() + at) / BLOCK == (window.position() + at - 8) / BLOCK;
      if (sameBlock && longs.get(at / 8) != longs.get(at / 8 - 1)) {
        throw new AssertionError(
            "two versions in one block: "
                + longs.get(at / 8 - 1)
                + " before "
                + (window.position() + at)
                + ", "
                + longs.get(at / 8)
                + " there, in "
                + window);
      }
    }
  }
}
