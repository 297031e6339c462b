package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.Route;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Files that are cut, grow, are replaced and deleted by another thread while they are read.
final class ReaderChangeTest {
  /// What the JVM's exit is when a signal ends it: 128 and SIGABRT, by which it reports SIGBUS.
  private static final int ABORTED = 134;

  static List<Arguments> enginesAndRoutes() {
    List<Arguments> all = new ArrayList<>();
    for (Engines engine : Engines.values()) {
      all.add(Arguments.of(engine, null));
      all.add(Arguments.of(engine, Route.RING));
      if (engine != Engines.CHANNELS) {
        all.add(Arguments.of(engine, Route.PREAD_NOWAIT));
        all.add(Arguments.of(engine, Route.DIRECT));
        all.add(Arguments.of(engine, Route.UNCACHED));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("enginesAndRoutes")
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void changingFileGivesItsBytesItsEndOrAnError(Engines kind, @Nullable Route route)
      throws Exception {
    rounds(kind, route, 10);
  }

  @ParameterizedTest
  @MethodSource("enginesAndRoutes")
  @Tag("soak")
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void changingFileGivesItsBytesItsEndOrAnErrorForLong(Engines kind, @Nullable Route route)
      throws Exception {
    rounds(kind, route, 1000);
  }

  private static void rounds(Engines kind, @Nullable Route route, int rounds) throws Exception {
    long seed = Seeds.first();
    System.out.println("ReaderChangeTest: -Dringwell.seed=" + seed);
    Path directory = TestFiles.newDirectory("change");
    ReaderOptions options = ReaderOptions.defaults().withBounds(64 << 10, 512 << 10);
    try (Engine engine = kind.open(EngineOptions.defaults().withPoolBytes(16 << 20))) {
      ReaderOptions by = route == null ? options : options.withRoute(route);
      ReaderContractTest.requireRoute(engine, directory, route);
      ChangingFile.Tally tally = new ChangingFile.Tally();
      for (int round = 0; round < rounds; round++) {
        ChangingFile.read(engine, directory, by, seed + round, tally);
      }
      System.out.println(kind + " " + route + ": " + tally);
      assertThat(tally.windows()).as("windows that were looked at").isPositive();
      assertThat(engine.pool().stats().inUseBytes()).isZero();
    } finally {
      TestFiles.delete(directory);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  @Timeout(300)
  void mapOfAChangingFileEndsInAnAnswerOrEndsTheJvm() throws Exception {
    mapped(10);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  @Tag("soak")
  @Timeout(3600)
  void mapOfAChangingFileEndsInAnAnswerOrEndsTheJvmForLong() throws Exception {
    for (int i = 0; i < 10; i++) {
      mapped(100);
    }
  }

  /// It may take the JVM with it: docs/windows.md says so. It never hangs, and never shows bytes
  /// that were not in the file.
  private static void mapped(int rounds) throws IOException, InterruptedException {
    long seed = Seeds.first();
    System.out.println("ReaderChangeTest: -Dringwell.seed=" + seed);
    Path directory = TestFiles.newDirectory("mapped");
    try {
      List<String> command =
          ChildJvm.command(MappedChangeMain.class, directory.toString(), "" + seed, "" + rounds);
      command.add(1, "-XX:-CreateCoredumpOnCrash");
      command.add(1, "-XX:ErrorFile=" + directory.resolve("hs_err"));
      ChildJvm.Outcome outcome = ChildJvm.run(command);
      String end = outcome.output();
      if (outcome.exit() == ABORTED) {
        System.out.println("mapped: SIGBUS ended the JVM");
        assertThat(end).contains("SIGBUS");
      } else if (outcome.exit() == 1 && end.contains("java.lang.InternalError")) {
        // It comes at some point, not always where the page was touched.
        System.out.println("mapped: an InternalError ended the JVM");
      } else {
        System.out.println("mapped: " + end.strip());
        assertThat(outcome.exit()).as(end).isZero();
      }
      assertThat(end).doesNotContain("wrong byte");
    } finally {
      TestFiles.delete(directory);
    }
  }
}
