package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import java.util.SplittableRandom;
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

  @Test
  @Timeout(300)
  void resultsStayExactUnderHarmlessFaults() {
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
  void resultsStayExactUnderHarmlessFaultsForLong() {
    run(SOAK_SEEDS, Seeds.soakEnd());
  }

  private static void run(int seeds, long end) {
    ContractRunner runner = new ContractRunner();
    int seed = 0;
    while (seed < seeds && end - System.nanoTime() > 0) {
      runner.runSome(new Faulty(seed), seed, TESTS_PER_SEED);
      seed++;
    }
    runner.throwFailures();
    System.out.println(
        "faults: "
            + seed
            + " seeds, "
            + runner.passed()
            + " tests, "
            + runner.skipped()
            + " skipped");
    assertThat(runner.passed()).isGreaterThan(seed);
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
