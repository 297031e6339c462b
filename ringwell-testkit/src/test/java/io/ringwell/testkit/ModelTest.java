package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.OperationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Engines against a model ([ModelRun]), from a seed that is printed and that `-Dringwell.seed=N`
/// brings back.
final class ModelTest {
  private static final long OPERATIONS = 2000;
  private static final long SOAK_OPERATIONS = 1_000_000;
  private static final long SOAK_RUN = 5000;
  private static final int EINVAL = 22;

  @ParameterizedTest(name = "{0}, direct {1}, with faults {2}")
  @CsvSource({
    "URING, false, false",
    "URING, true, false",
    "URING, false, true",
    "URING, true, true",
    "THREADS, false, false",
    "THREADS, true, true",
    "CHANNELS, false, false",
    "CHANNELS, false, true",
  })
  @Timeout(120)
  void fileHoldsWhatTheModelHolds(Engines kind, boolean direct, boolean faults) throws Exception {
    run(kind, direct, faults, Seeds.first(), OPERATIONS, Long.MAX_VALUE);
  }

  @Test
  @Tag("soak")
  void fileHoldsWhatTheModelHoldsForLong() throws Exception {
    long end = Seeds.soakEnd();
    long done = 0;
    long seed = Seeds.first();
    while (done < SOAK_OPERATIONS && end - System.nanoTime() > 0) {
      SplittableRandom dice = new SplittableRandom(seed);
      Engines kind = Engines.ofSeed(seed);
      boolean direct = kind != Engines.CHANNELS && dice.nextBoolean();
      done += run(kind, direct, dice.nextBoolean(), seed, SOAK_RUN, end);
      seed++;
    }
    System.out.println("model: " + done + " operations, " + (seed - Seeds.first()) + " seeds");
    assertThat(done).isPositive();
  }

  private static long run(
      Engines kind, boolean direct, boolean faults, long seed, long count, long end)
      throws Exception {
    String which =
        "-Dringwell.seed="
            + seed
            + " "
            + kind
            + (direct ? " direct" : "")
            + (faults ? " with faults" : "");
    Path directory = TestFiles.newDirectory("model");
    EngineOptions options = EngineOptions.defaults().withPoolBytes(64 << 20);
    Engine opened = kind.open(Engines.vary(options, new SplittableRandom(seed)));
    try (Engine engine = faults ? new FaultEngine(opened, FaultPlan.benign(seed)) : opened) {
      assumeTrue(!direct || takesDirect(engine, directory), "no direct I/O here");
      long done = new ModelRun(engine, directory.resolve("file"), direct, seed).run(count, end);
      assertThat(engine.pool().stats().inUseBytes()).isZero();
      assertThat(engine.pool().stats().damaged()).isZero();
      return done;
    } catch (AssertionError | IOException e) {
      throw new AssertionError(which + ": " + e.getMessage(), e);
    } finally {
      TestFiles.delete(directory);
    }
  }

  private static boolean takesDirect(Engine engine, Path directory) throws IOException {
    Path file = Files.createFile(directory.resolve("direct"));
    try {
      engine.close(engine.open(file, OpenFlag.READ | OpenFlag.DIRECT, 0));
      return true;
    } catch (OperationException e) {
      assertThat(e.errno()).isEqualTo(EINVAL);
      return false;
    }
  }
}
