package io.ringwell.memory;

import java.util.concurrent.ThreadLocalRandom;

/// How long randomised tests run, and from which seed: always the same, so that a build does not
/// fail by chance; `-Dringwell.seed=N` has another one, `-Dringwell.seed=random` one never tried;
/// `-Dringwell.soak=true` runs a hundred times as long, or less with `-Dringwell.soak.minutes=N`.
final class Trials {
  private static final int SOAK_FACTOR = 100;

  /// The longest of these tests takes about three minutes at the full factor.
  private static final int FACTOR_A_MINUTE = 10;

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
    int minutes = Integer.getInteger("ringwell.soak.minutes", SOAK_FACTOR);
    return Math.multiplyExact(usual, Math.clamp((long) minutes * FACTOR_A_MINUTE, 1, SOAK_FACTOR));
  }
}
