package io.ringwell.memory;

import java.util.concurrent.ThreadLocalRandom;

/// How long randomised tests run, and from which seed: always the same, so that a build does not
/// fail by chance; `-Dringwell.seed=N` has another one, `-Dringwell.seed=random` one never tried;
/// `-Dringwell.soak=true` runs a hundred times as long, or less with `-Dringwell.soak.seconds=N`.
final class Trials {
  private static final int SOAK_FACTOR = 100;

  /// The longest of these tests takes about three minutes at the full factor.
  private static final int SECONDS_A_FACTOR = 3;

  private static final long NO_BOUND_SECONDS = 24 * 3600;

  private Trials() {}

  /// The seed to use, printed so that a failure can be replayed.
  static long seed(Class<?> test) {
    String given = System.getProperty("ringwell.seed", "1");
    long seed =
        given.equals("random") ? ThreadLocalRandom.current().nextLong() : Long.parseLong(given);
    System.out.println(test.getSimpleName() + ": -Dringwell.seed=" + seed);
    return seed;
  }

  static int rounds(int usual) {
    if (!Boolean.getBoolean("ringwell.soak")) {
      return usual;
    }
    long seconds = Long.getLong("ringwell.soak.seconds", NO_BOUND_SECONDS);
    return Math.multiplyExact(usual, Math.clamp(seconds / SECONDS_A_FACTOR, 1, SOAK_FACTOR));
  }
}
