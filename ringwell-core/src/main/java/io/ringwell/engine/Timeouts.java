package io.ringwell.engine;

import io.ringwell.sys.Errno;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The timer that stands in for io_uring's timeouts where workers carry operations out. Its thread
/// starts with the first timeout.
final class Timeouts {
  private final Map<Operation, Future<?>> pending = new ConcurrentHashMap<>();
  private @Nullable ScheduledThreadPoolExecutor timer;
  private boolean cancelled;

  /// Completes `op` when its time has passed, or its deadline has come.
  void start(Operation op) {
    boolean refused;
    synchronized (this) {
      refused = cancelled;
      if (!refused) {
        long left =
            op.deadlineNanos == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : op.deadlineNanos - System.nanoTime();
        int result = left < op.length ? -Errno.ECANCELED : 0;
        long nanos = Math.min(op.length, left);
        schedule(op, nanos, () -> op.attempted(result));
      }
    }
    settle(op, refused);
  }

  /// Runs `retry` for `op` after a pause, which its deadline or a cancel cuts short.
  void pause(Operation op, long nanos, Runnable retry) {
    boolean refused;
    synchronized (this) {
      refused = cancelled;
      if (!refused) {
        long left =
            op.deadlineNanos == Long.MAX_VALUE ? nanos : op.deadlineNanos - System.nanoTime();
        schedule(op, Math.min(nanos, left), retry);
      }
    }
    settle(op, refused);
  }

  private void schedule(Operation op, long nanos, Runnable action) {
    pending.put(op, timer().schedule(() -> fire(op, action), nanos, TimeUnit.NANOSECONDS));
  }

  private void settle(Operation op, boolean refused) {
    if (refused) {
      op.attempted(-Errno.ECANCELED);
    } else if (op.cancelled) {
      cancel(op);
    }
  }

  private ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor own = timer;
    if (own == null) {
      own =
          new ScheduledThreadPoolExecutor(
              1, Thread.ofPlatform().daemon().name("ringwell-timer").factory());
      own.setRemoveOnCancelPolicy(true);
      timer = own;
    }
    return own;
  }

  private void fire(Operation op, Runnable action) {
    // Whoever takes it out of the map completes it. A timer that fires before its task is in the
    // map waits for the lock under which that happens.
    Future<?> mine;
    synchronized (this) {
      mine = pending.remove(op);
    }
    if (mine != null) {
      action.run();
    }
  }

  void cancel(Operation op) {
    Future<?> task = pending.remove(op);
    if (task != null) {
      task.cancel(false);
      op.attempted(-Errno.ECANCELED);
    }
  }

  /// Cancels what is pending, and what comes.
  void cancelAll() {
    synchronized (this) {
      cancelled = true;
    }
    for (Operation op : pending.keySet()) {
      cancel(op);
    }
  }

  /// Ends the timer's thread.
  void end() {
    ScheduledThreadPoolExecutor own;
    synchronized (this) {
      own = timer;
    }
    if (own != null) {
      own.close();
    }
  }
}
