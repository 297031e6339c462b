package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.OperationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Two things at once to one writer, at every moment ([WriterRaces]). Nothing hangs, what was
/// committed is written, what was not is not, no memory leaks and none is written after it was
/// given back.
final class WriterRaceTest {
  private static final int ROUNDS = 150;
  private static final int SOAK_ROUNDS = 50_000;
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
    RaceRun.soak(
        "writer races", SOAK_ROUNDS, (kind, seed, end) -> run(kind, seed, ROUNDS_AN_ENGINE, end));
  }

  private static boolean takesDirect(Engine engine, Path directory) throws IOException {
    int flags = OpenFlag.WRITE | OpenFlag.CREATE | OpenFlag.DIRECT;
    try {
      engine.close(engine.open(directory.resolve("direct"), flags, 0644));
      return true;
    } catch (OperationException e) {
      assertThat(e.errnoName()).isIn("EINVAL", "EOPNOTSUPP");
      return false;
    }
  }

  private static int run(Engines kind, long seed, int rounds, long end) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Path directory = TestFiles.newDirectory("writer-race");
    EngineOptions options =
        EngineOptions.defaults()
            .withPoolBytes(8 << 20)
            .withQueueCapacity(1 << random.nextInt(1, 8))
            .withInFlight(random.nextInt(1, 40))
            .withWorkers(random.nextInt(1, 5));
    Engine opened = kind.open(Engines.vary(options, random));
    Engine engine = random.nextBoolean() ? opened : new FaultEngine(opened, FaultPlan.benign(seed));
    int done;
    try (RaceRun run = new RaceRun(engine, kind, seed)) {
      WriterRaces races = new WriterRaces(engine, directory, takesDirect(opened, directory));
      done = run.rounds(rounds, end, random, races::any);
    }
    TestFiles.delete(directory);
    return done;
  }
}
