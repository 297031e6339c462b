package io.ringwell.memory;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The leaks found in this process by pools that track them (`-Dringwell.leaks=track` or
/// [PoolOptions#withTrackLeaks]).
///
/// A leak shows when the garbage collector finds the handle unreachable, so later than it happens,
/// or never in a process that does not collect. Each is also logged as a warning by the logger
/// `io.ringwell.memory`. Safe from any thread.
public final class LeakReports {
  /// As many reports are kept as a person would read.
  private static final int KEPT = 32;

  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Condition ADDED = LOCK.newCondition();
  private static final ArrayDeque<LeakReport> RECENT = new ArrayDeque<>(KEPT);
  private static long count;

  private LeakReports() {}

  /// Leaks found so far.
  public static long count() {
    LOCK.lock();
    try {
      return count;
    } finally {
      LOCK.unlock();
    }
  }

  /// The last reports, oldest first, 32 at most.
  public static List<LeakReport> recent() {
    LOCK.lock();
    try {
      return List.copyOf(RECENT);
    } finally {
      LOCK.unlock();
    }
  }

  /// Waits until [#count] is at least `atLeast`; false if `timeout` passes first.
  ///
  /// @throws InterruptedException if the thread is interrupted while it waits
  public static boolean await(long atLeast, long timeout, TimeUnit unit)
      throws InterruptedException {
    long nanos = unit.toNanos(timeout);
    LOCK.lockInterruptibly();
    try {
      while (count < atLeast) {
        if (nanos <= 0) {
          return false;
        }
        nanos = ADDED.awaitNanos(nanos);
      }
      return true;
    } finally {
      LOCK.unlock();
    }
  }

  static void add(LeakReport report) {
    LOCK.lock();
    try {
      if (RECENT.size() == KEPT) {
        RECENT.removeFirst();
      }
      RECENT.addLast(report);
      count++;
      ADDED.signalAll();
    } finally {
      LOCK.unlock();
    }
    MemoryLog.LOGGER.log(
        System.Logger.Level.WARNING,
        "LEAK: " + report.kind() + " of " + report.size() + " bytes was never closed",
        report.site());
  }
}
