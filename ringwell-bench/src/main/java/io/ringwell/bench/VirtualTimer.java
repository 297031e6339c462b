package io.ringwell.bench;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/// A timer of 1 kHz on a virtual thread. How many of its ticks it keeps, and how late they are,
/// shows whether what runs beside it leaves the carriers free; JFR's event for pinned threads does
/// not show that.
final class VirtualTimer {
  private static final long PERIOD_NANOS = 1_000_000;

  /// Of more ticks than this the lateness is not kept: a minute of them.
  private static final int MOST = 60_000;

  private final long start = System.nanoTime();
  private final long[] late = new long[MOST];
  private volatile long kept;
  private volatile boolean stopped;

  private VirtualTimer() {}

  static VirtualTimer start() {
    VirtualTimer timer = new VirtualTimer();
    Thread.ofVirtual().name("timer").start(timer::run);
    return timer;
  }

  private void run() {
    long next = start + PERIOD_NANOS;
    long ticks = 0;
    while (!stopped) {
      long now = System.nanoTime();
      if (now < next) {
        LockSupport.parkNanos(next - now);
        continue;
      }
      // Periods that passed while it was kept from running are lost.
      late[(int) Math.min(ticks, MOST - 1)] = now - next;
      kept = ++ticks;
      next += (1 + (now - next) / PERIOD_NANOS) * PERIOD_NANOS;
    }
  }

  /// Stops it, and tells the share of its ticks that it kept. The platform thread that asks knows
  /// how many there should have been, even where the timer never ran.
  double stop() {
    long due = Math.max(1, (System.nanoTime() - start) / PERIOD_NANOS);
    long ticks = kept;
    stopped = true;
    return Math.min(100.0, 100.0 * ticks / due);
  }

  /// Stops it, and tells in nanoseconds how late each tick was that it kept, the least first.
  long[] stopLate() {
    int ticks = (int) Math.min(kept, MOST);
    stopped = true;
    long[] sorted = Arrays.copyOf(late, ticks);
    Arrays.sort(sorted);
    return sorted;
  }
}
