package io.ringwell.engine;

/// Whether a thread that waits for completions looks again and again for a while before it parks.
///
/// Parking costs the waiter a wake-up, tens of microseconds on a virtual machine, and the thread
/// that wakes it a system call. Looking again costs processor time. It is worth that where waits
/// have lately been short for what they brought: a batch out of the page cache is there after a few
/// microseconds, one read from a device after a hundred.
///
/// One thread at a time uses it.
final class SpinPolicy {
  /// The longest that is spent looking.
  private static final long LONGEST_NANOS = 20_000;

  /// What an operation may cost in waiting: about what it costs elsewhere.
  private static final long WORTH_NANOS = 1500;

  /// One long wait among short ones counts as this one.
  private static final long MOST_NANOS = 8 * WORTH_NANOS;

  /// The weight of one wait is one eighth.
  private static final int WEIGHT_SHIFT = 3;

  private static final boolean ALONE = Runtime.getRuntime().availableProcessors() == 1;

  private long averageNanos;
  private int taken;

  /// Operations were taken without a wait, or by the last one.
  void took() {
    taken++;
  }

  /// For how long to look again now.
  long nanos() {
    return ALONE || averageNanos > WORTH_NANOS ? 0 : LONGEST_NANOS;
  }

  /// What was waited for came after `nanos`.
  void waited(long nanos) {
    long each = Math.clamp(nanos / Math.max(taken, 1), 0, MOST_NANOS);
    averageNanos += (each - averageNanos) >> WEIGHT_SHIFT;
    taken = 0;
  }
}
