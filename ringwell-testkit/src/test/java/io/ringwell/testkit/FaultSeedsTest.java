package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The contract under faults that no caller may notice, with many seeds. Each seed stands for an
/// engine and its options, its faults, and a handful of the contract's tests.
///
/// A failure names its seed; `-Dringwell.seed=N` runs that one alone, with all tests.
final class FaultSeedsTest {
  private static final int TESTS_PER_SEED = 6;
  private static final int SEEDS = 100;
  private static final int SOAK_SEEDS = 10_000;

  /// Tests wait for files and for late completions most of their time.
  private static final int THREADS = 4;

  @Test
  @Timeout(300)
  void resultsStayExactUnderHarmlessFaults() throws InterruptedException, ExecutionException {
    if (Seeds.replaying()) {
      ContractRunner one = new ContractRunner();
      one.runAll(new Faulty(Seeds.first()));
      one.throwFailures();
      return;
    }
    run(SEEDS, Long.MAX_VALUE);
  }

  @Test
  @Tag("soak")
  void resultsStayExactUnderHarmlessFaultsForLong()
      throws InterruptedException, ExecutionException {
    run(SOAK_SEEDS, Seeds.soakEnd());
  }

  private static void run(int seeds, long end) throws InterruptedException, ExecutionException {
    ContractRunner runner = new ContractRunner();
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      Callable<@Nullable Void> run = () -> runSeeds(runner, next, seeds, end);
      for (Future<@Nullable Void> each : threads.invokeAll(Collections.nCopies(THREADS, run))) {
        each.get();
      }
    }
    runner.throwFailures();
    System.out.println(
        "faults: "
            + Math.min(seeds, next.get())
            + " seeds, "
            + runner.passed()
            + " tests, "
            + runner.skipped()
            + " skipped");
    assertThat(runner.passed()).isGreaterThan(Math.min(seeds, next.get()));
  }

  private static @Nullable Void runSeeds(
      ContractRunner runner, AtomicInteger next, int seeds, long end) {
    while (!runner.hasFailed() && end - System.nanoTime() > 0) {
      int seed = next.getAndIncrement();
      if (seed >= seeds) {
        break;
      }
      runner.runSome(new Faulty(seed), seed, TESTS_PER_SEED);
    }
    return null;
  }

  private static final class Faulty extends EngineContract {
    private final long seed;
    private final Engines kind;

    Faulty(long seed) {
      this.seed = seed;
      this.kind = Engines.ofSeed(seed);
    }

    @Override
    protected Engine openEngine(EngineOptions options) {
      EngineOptions varied = Engines.vary(options, new SplittableRandom(seed));
      return new FaultEngine(kind.open(varied), FaultPlan.benign(seed));
    }

    @Override
    public boolean thorough() {
      return false;
    }

    @Override
    public String toString() {
      return "-Dringwell.seed=" + seed + " (" + kind + ")";
    }
  }
}
