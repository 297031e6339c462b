package io.ringwell.memory;

import java.util.concurrent.ThreadLocalRandom;

/// How long randomised tests run, and from which seed: `-Dringwell.seed=N` replays one,
/// `-Dringwell.soak=true` runs a hundred times as long.
final class Trials {
  private Trials() {}

  /// The seed to use, printed so that a failure can be replayed.
  static long seed(Class<?> test) {
    long seed = Long.getLong("ringwell.seed", ThreadLocalRandom.current().nextLong());
    System.out.println(test.getSimpleName() + ": -Dringwell.seed=" + seed);
    return seed;
  }

  static int rounds(int usual) {
    return Boolean.getBoolean("ringwell.soak") ? Math.multiplyExact(usual, 100) : usual;
  }
}
