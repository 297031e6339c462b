package io.ringwell.testkit;

import java.time.Duration;
import java.util.Objects;

/// What a [FaultEngine] does to operations, and how often. Each rate is from 0 (never) to 1
/// (always); the same seed makes the same choices for the same sequence of attempts.
///
/// **Benign** faults are those that an engine has to make good by itself, so results stay exact:
/// short attempts, EINTR, EAGAIN, late and reordered completions, cache misses. The others are seen
/// by the caller.
///
/// @param seed of all choices
/// @param shortened attempts at a transfer that move only a part
/// @param interrupted attempts that end with EINTR before anything was done
/// @param again attempts that end with EAGAIN before anything was done
/// @param delayed completions that arrive later than they happened, and so out of their order
/// @param longestDelay the most that one is late
/// @param missed reads on the caller's thread that find nothing in the cache
/// @param failed attempts that end with EIO or ENOSPC, before or after their work was done
/// @param cancelled operations that are cancelled behind the caller's back
public record FaultPlan(
    long seed,
    double shortened,
    double interrupted,
    double again,
    double delayed,
    Duration longestDelay,
    double missed,
    double failed,
    double cancelled) {

  /// Late enough for the next completions to overtake, and short enough for many in a test.
  private static final Duration LONGEST_DELAY = Duration.ofMillis(2);

  public FaultPlan {
    requireRate("shortened", shortened);
    requireRate("interrupted", interrupted);
    requireRate("again", again);
    requireRate("delayed", delayed);
    requireRate("missed", missed);
    requireRate("failed", failed);
    requireRate("cancelled", cancelled);
    Objects.requireNonNull(longestDelay, "longestDelay");
    if (longestDelay.isNegative()) {
      throw new IllegalArgumentException("longestDelay is negative: " + longestDelay);
    }
  }

  private static void requireRate(String name, double rate) {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException(name + " must be from 0 to 1, not " + rate);
    }
  }

  /// No fault at all.
  public static FaultPlan none(long seed) {
    return new FaultPlan(seed, 0, 0, 0, 0, LONGEST_DELAY, 0, 0, 0);
  }

  /// Faults that no caller may notice.
  public static FaultPlan benign(long seed) {
    return new FaultPlan(seed, 0.3, 0.1, 0.1, 0.3, LONGEST_DELAY, 0.3, 0, 0);
  }

  /// The benign ones, and errors and cancellations that callers see.
  public static FaultPlan harsh(long seed) {
    return new FaultPlan(seed, 0.3, 0.1, 0.1, 0.3, LONGEST_DELAY, 0.3, 0.1, 0.05);
  }

  /// Whether results stay exact.
  public boolean isBenign() {
    return failed == 0 && cancelled == 0;
  }
}
