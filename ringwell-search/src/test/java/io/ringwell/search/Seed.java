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
}
