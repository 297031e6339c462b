package io.ringwell.testkit;

import java.util.concurrent.TimeUnit;

/// Where random tests get their seeds, and how long the long ones go on.
///
/// `-Dringwell.seed=N` replays one seed; `-Dringwell.soak.seconds=N` bounds each long test, which
/// has its full count without.
final class Seeds {
  private static final long DEFAULT = 1;
  private static final long NO_BOUND_SECONDS = 24 * 3600;

  private Seeds() {}

  /// The seed asked for, or always the same one, so that a build does not fail by chance.
  static long first() {
    return Long.getLong("ringwell.seed", DEFAULT);
  }

  /// Whether one seed is to be replayed.
  static boolean replaying() {
    return System.getProperty("ringwell.seed") != null;
  }

  /// When a long test that begins now has to end, by [System#nanoTime].
  static long soakEnd() {
    long seconds = Long.getLong("ringwell.soak.seconds", NO_BOUND_SECONDS);
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }
}
