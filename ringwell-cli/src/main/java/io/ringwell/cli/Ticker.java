package io.ringwell.cli;

import java.util.concurrent.locks.LockSupport;

/// A timer of 1 kHz on a virtual thread: how many of its ticks it keeps shows whether the threads
/// beside it leave the carriers free.
final class Ticker implements Runnable {
  private static final long PERIOD_NANOS = 1_000_000;

  private final BenchSignals signals;
  private long kept;
  private long due;

  Ticker(BenchSignals signals) {
    this.signals = signals;
  }

  @Override
  public void run() {
    try {
      signals.awaitGo();
    } catch (InterruptedException e) {
      signals.ended();
      return;
    }
    long start = System.nanoTime();
    long next = start + PERIOD_NANOS;
    while (!signals.stopped()) {
      long now = System.nanoTime();
      if (now < next) {
        LockSupport.parkNanos(next - now);
        continue;
      }
      // Ticks that passed while it was kept from running are lost.
      kept++;
      next += (1 + (now - next) / PERIOD_NANOS) * PERIOD_NANOS;
    }
    due = (System.nanoTime() - start) / PERIOD_NANOS;
    signals.ended();
  }

  double keptPercent() {
    return due == 0 ? Double.NaN : 100.0 * kept / due;
  }
}
