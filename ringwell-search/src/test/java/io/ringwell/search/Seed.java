package io.ringwell.search;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/// A random test's seed: printed, and taken back by `-Dringwell.seed=N`. Without one it is always
/// the same, so that what passed here passes everywhere; `-Dringwell.seed=random` goes where no run
/// was.
final class Seed {
  private static final long USUAL = 20_261_121;

  private Seed() {}

  static Random random(Class<?> test) {
    return new Random(of(test));
  }

  static long of(Class<?> test) {
    String given = System.getProperty("ringwell.seed", Long.toString(USUAL));
    long seed =
        given.equals("random") ? ThreadLocalRandom.current().nextLong() : Long.parseLong(given);
    System.out.println(test.getSimpleName() + ": -Dringwell.seed=" + seed);
    return seed;
  }

  /// How long a test of the profile `soak` goes on: `-Dringwell.soak.seconds=N`.
  static long soakNanos() {
    return Long.getLong("ringwell.soak.seconds", 600) * 1_000_000_000L;
  }
}
