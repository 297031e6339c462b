package io.ringwell.kv;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// Where the random tests get their seeds, and how long they go on: always the same seed, so that a
/// build does not fail by chance; `-Dringwell.seed=N` has another one, `-Dringwell.seed=random` one
/// that was never tried. The profile `soak` runs a hundred times as many rounds, for at most
/// `-Dringwell.soak.seconds=N` each.
public final class Trials {
  private static final int SOAK_FACTOR = 100;
  private static final long NO_BOUND_SECONDS = 24 * 3600;

  private Trials() {}

  /// The seed to use, printed so that a failure can be replayed.
  public static long seed(Class<?> test) {
    String given = System.getProperty("ringwell.seed", "1");
    long seed =
        given.equals("random") ? ThreadLocalRandom.current().nextLong() : Long.parseLong(given);
    System.out.println(test.getSimpleName() + ": -Dringwell.seed=" + seed);
    return seed;
  }

  /// A hundred times as many under the profile `soak`.
  public static int rounds(int usual) {
    return Boolean.getBoolean("ringwell.soak") ? Math.multiplyExact(usual, SOAK_FACTOR) : usual;
  }

  /// When a long test that begins now has to end, by [System#nanoTime].
  public static long soakEnd() {
    long seconds = Long.getLong("ringwell.soak.seconds", NO_BOUND_SECONDS);
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }
}
