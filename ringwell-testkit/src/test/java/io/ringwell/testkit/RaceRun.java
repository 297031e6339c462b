package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Function;

/// Rounds of races on one engine, one after another, none of which may hang, and each told with the
/// seed that brings it back. Its close closes the engine, and looks whether all memory is back.
final class RaceRun implements AutoCloseable {
  private static final Duration HANGS = Duration.ofSeconds(30);

  private final Engine engine;
  private final Engines kind;
  private final long seed;

  /// The run that one seed of a long test makes.
  interface OfSeed {
    /// @param end when it has to end, by [System#nanoTime]
    /// @return how many rounds it had
    int run(Engines kind, long seed, long end) throws Exception;
  }

  RaceRun(Engine engine, Engines kind, long seed) {
    this.engine = engine;
    this.kind = kind;
    this.seed = seed;
  }

  /// Has up to `rounds` rounds, fewer where `end` comes before.
  ///
  /// @return how many it had
  int rounds(int rounds, long end, SplittableRandom random, Function<SplittableRandom, Race> any) {
    int done = 0;
    while (done < rounds && end - System.nanoTime() > 0) {
      Race race = any.apply(random);
      String name = "-Dringwell.seed=" + seed + " " + kind + " round " + done + " " + race;
      SplittableRandom own = random.split();
      try {
        Guarded.run(name, HANGS, () -> race.body().run(own));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(name + ": " + e, e);
      }
      done++;
    }
    return done;
  }

  @Override
  public void close() {
    Guarded.run("closing " + kind + " after seed " + seed, HANGS, engine::close);
    assertThat(engine.pool().stats().lentBytes()).as("lent, seed %d", seed).isZero();
    assertThat(engine.pool().stats().inUseBytes()).as("in use, seed %d", seed).isZero();
    assertThat(engine.pool().stats().damaged()).as("damaged, seed %d", seed).isZero();
  }

  /// Runs one seed after another until there were `rounds` rounds, or a long test has to end.
  static void soak(String what, int rounds, OfSeed run) throws Exception {
    long end = Seeds.soakEnd();
    int done = 0;
    for (long seed = Seeds.first(); done < rounds && end - System.nanoTime() > 0; seed++) {
      done += run.run(Engines.ofSeed(seed), seed, end);
    }
    System.out.println(what + ": " + done + " rounds");
    assertThat(done).isPositive();
  }
}
