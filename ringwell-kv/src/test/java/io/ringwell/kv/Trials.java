package io.ringwell.kv;

/// How long randomised tests run, and from which seed: the same everywhere, unless
/// `-Dringwell.seed=N` has another one. `-Dringwell.soak.minutes=N` bounds the long ones.
final class Trials {
  private static final long DEFAULT_MINUTES = 10;

  private Trials() {}

  /// The seed to begin with, printed so that a failure can be replayed.
  static long seed(Class<?> test) {
    long seed = Long.getLong("ringwell.seed", 1);
    System.out.println(test.getSimpleName() + ": -Dringwell.seed=" + seed);
    return seed;
  }

  /// When a long test that begins now has to end, by [System#nanoTime].
  static long soakEnd() {
    long minutes = Long.getLong("ringwell.soak.minutes", DEFAULT_MINUTES);
    return System.nanoTime() + java.util.concurrent.TimeUnit.MINUTES.toNanos(minutes);
  }
}
