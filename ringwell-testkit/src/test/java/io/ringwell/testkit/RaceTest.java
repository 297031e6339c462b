package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Two things at once, at every moment: cancel, close, interrupt, deadline and timeout against an
/// operation under way ([Races]). No completion is lost, nothing hangs, no memory leaks, and none
/// is written after it was given back: run with `-Dringwell.check=poison`, as this build does.
final class RaceTest {
  private static final int ROUNDS = 350;
  private static final int SOAK_ROUNDS = 100_000;

  /// Rounds on one engine: many, so that what one leaves behind meets the next.
  private static final int ROUNDS_AN_ENGINE = 100;

  @ParameterizedTest
  @EnumSource(Engines.class)
  @Timeout(120)
  void nothingIsLostInARace(Engines kind) throws Exception {
    run(kind, Seeds.first(), ROUNDS, Long.MAX_VALUE);
  }

  @Test
  @Tag("soak")
  void nothingIsLostInARaceForLong() throws Exception {
    RaceRun.soak("races", SOAK_ROUNDS, (kind, seed, end) -> run(kind, seed, ROUNDS_AN_ENGINE, end));
  }

  private static int run(Engines kind, long seed, int rounds, long end) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Path directory = TestFiles.newDirectory("race");
    EngineOptions options =
        EngineOptions.defaults()
            .withPoolBytes(32 << 20)
            .withQueueCapacity(1 << random.nextInt(1, 8))
            .withInFlight(random.nextInt(1, 40))
            .withWorkers(random.nextInt(1, 5));
    Engine opened = kind.open(Engines.vary(options, random));
    Engine engine = random.nextBoolean() ? opened : new FaultEngine(opened, FaultPlan.benign(seed));
    int done;
    try (RaceRun run = new RaceRun(engine, kind, seed)) {
      done = run.rounds(rounds, end, random, new Races(engine, kind, directory)::any);
    }
    assertThat(engine.stats().inFlight()).isZero();
    TestFiles.delete(directory);
    return done;
  }
}
