package io.ringwell.search;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/// A random test's seed: printed, and taken back by `-Dringwell.seed=N`.
final class Seed {
  private Seed() {}

  static Random random(Class<?> test) {
    long seed = Long.getLong("ringwell.seed", ThreadLocalRandom.current().nextLong());
    System.out.println(test.getSimpleName() + ": -Dringwell.seed=" + seed);
    return new Random(seed);
  }

  /// How long a test of the profile `soak` goes on: `-Dringwell.soak.minutes=N`.
  static long soakNanos() {
    return Long.getLong("ringwell.soak.minutes", 10) * 60_000_000_000L;
  }
}
