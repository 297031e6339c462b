package io.ringwell.uring;

import java.util.EnumSet;
import java.util.Set;

/// How a ring is set up.
///
/// @param entries submissions that the queue holds; a power of two, 1 to 32768
/// @param completionEntries completions that the queue holds, where the kernel has
///   [RingFeature#CQSIZE]; a power of two, at least `entries`
/// @param features what to ask for; the kernel may have less
/// @param pollThread whether a kernel thread polls the submission queue (`IORING_SETUP_SQPOLL`). It
///   burns a processor while there is work and for `pollIdleMillis` after
/// @param pollIdleMillis how long that thread spins without work before it sleeps
public record RingOptions(
    int entries,
    int completionEntries,
    Set<RingFeature> features,
    boolean pollThread,
    int pollIdleMillis) {
  private static final int MAX_ENTRIES = 32768;

  public RingOptions {
    requirePowerOfTwo("entries", entries, 1, MAX_ENTRIES);
    requirePowerOfTwo("completionEntries", completionEntries, entries, 2 * MAX_ENTRIES);
    if (pollIdleMillis < 0) {
      throw new IllegalArgumentException("pollIdleMillis is negative: " + pollIdleMillis);
    }
    features = Set.copyOf(features);
  }

  private static void requirePowerOfTwo(String name, int value, int min, int max) {
    if (value < min || value > max || Integer.bitCount(value) != 1) {
      throw new IllegalArgumentException(
          name + " must be a power of two from " + min + " to " + max + ", not " + value);
    }
  }

  /// `entries` submissions, four times as many completions, every feature that is not switched off,
  /// no polling thread.
  public static RingOptions of(int entries) {
    return new RingOptions(
        entries, Math.min(4 * entries, 2 * MAX_ENTRIES), RingFeature.enabled(), false, 0);
  }

  /// The same without some features.
  public RingOptions without(RingFeature... left) {
    EnumSet<RingFeature> fewer = EnumSet.noneOf(RingFeature.class);
    fewer.addAll(features);
    for (RingFeature feature : left) {
      fewer.remove(feature);
    }
    return new RingOptions(entries, completionEntries, fewer, pollThread, pollIdleMillis);
  }

  /// The same with a kernel thread that polls for submissions.
  public RingOptions withPollThread(int idleMillis) {
    return new RingOptions(entries, completionEntries, features, true, idleMillis);
  }
}
