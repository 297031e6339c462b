package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Writers against a model ([WriterModelRun]), from a seed that is printed and that
/// `-Dringwell.seed=N` brings back: without faults, with faults that nobody may notice, and with
/// errors.
final class WriterModelTest {
  private static final int STEPS = 1500;
  private static final int SOAK_STEPS = 1_000_000;
  private static final int SOAK_RUN = 3000;

  @ParameterizedTest
  @EnumSource(WriterSetup.class)
  @Timeout(120)
  void fileHoldsWhatWasCommitted(WriterSetup setup) throws Exception {
    FaultPlan plan = setup.faults ? FaultPlan.benign(Seeds.first()) : FaultPlan.none(Seeds.first());
    run(setup, plan, Seeds.first(), STEPS);
  }

  @ParameterizedTest
  @EnumSource(
      value = WriterSetup.class,
      names = {"URING", "URING_DIRECT", "THREADS_DIRECT", "CHANNELS"})
  @Timeout(120)
  void errorsAreToldAndTheRestIsWritten(WriterSetup setup) throws Exception {
    run(setup, FaultPlan.harsh(Seeds.first()), Seeds.first(), STEPS);
  }

  @Test
  @Tag("soak")
  void fileHoldsWhatWasCommittedForLong() throws Exception {
    long end = Seeds.soakEnd();
    long done = 0;
    long seed = Seeds.first();
    WriterSetup[] setups = WriterSetup.values();
    while (done < SOAK_STEPS && end - System.nanoTime() > 0) {
      WriterSetup setup = setups[(int) Math.floorMod(seed, (long) setups.length)];
      FaultPlan plan =
          switch ((int) Math.floorMod(seed, 5L)) {
            case 0, 1 -> FaultPlan.none(seed);
            case 2, 3 -> FaultPlan.benign(seed);
            default -> FaultPlan.harsh(seed);
          };
      run(setup, plan, seed++, SOAK_RUN);
      done += SOAK_RUN;
    }
    System.out.println("writer model: " + done + " steps");
    assertThat(done).isPositive();
  }

  private static void run(WriterSetup setup, FaultPlan plan, long seed, int steps)
      throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Path directory = TestFiles.newDirectory("writer-model");
    EngineOptions options = EngineOptions.defaults().withPoolBytes(16 << 20);
    Engine inner = setup.kind.open(Engines.vary(options, random));
    String which = "-Dringwell.seed=" + seed + " " + setup + (plan.isBenign() ? "" : " harsh");
    try (Engine engine = new FaultEngine(inner, plan)) {
      setup.requireDirect(inner, directory);
      boolean exact = plan.isBenign();
      new WriterModelRun(engine, directory.resolve("file"), setup, exact, random).run(steps);
      assertThat(engine.pool().stats().inUseBytes()).isZero();
      assertThat(engine.pool().stats().lentBytes()).isZero();
      assertThat(engine.pool().stats().damaged()).isZero();
    } catch (AssertionError | IOException | RuntimeException e) {
      throw new AssertionError(which + ": " + e, e);
    } finally {
      TestFiles.delete(directory);
    }
  }
}
