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
  /// One wait of an operation, which may wait again later. Waits have identity.
  private static final class Wait {
    final Operation op;
    final Runnable action;
    @Nullable Future<?> task;

    Wait(Operation op, Runnable action) {
      this.op = op;
      this.action = action;
    }
  }

  private final Map<Operation, Wait> pending = new ConcurrentHashMap<>();
  private @Nullable ScheduledThreadPoolExecutor timer;
  private boolean cancelled;

  /// Completes `op` when its time has passed, or its deadline has come.
  void start(Operation op) {
    Wait wait = null;
    synchronized (this) {
      if (!cancelled) {
        long left =
            op.deadlineNanos == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : op.deadlineNanos - System.nanoTime();
        int result = left < op.length ? -Errno.ECANCELED : 0;
        long nanos = Math.min(op.length, left);
        wait = schedule(op, nanos, () -> op.attempted(result));
      }
    }
    settle(op, wait);
  }

  /// Runs `retry` for `op` after a pause, which its deadline or a cancel cuts short.
  void pause(Operation op, long nanos, Runnable retry) {
    Wait wait = null;
    synchronized (this) {
      if (!cancelled) {
        long left =
            op.deadlineNanos == Long.MAX_VALUE ? nanos : op.deadlineNanos - System.nanoTime();
        wait = schedule(op, Math.min(nanos, left), retry);
      }
    }
    settle(op, wait);
  }

  private Wait schedule(Operation op, long nanos, Runnable action) {
    Wait wait = new Wait(op, action);
    wait.task = timer().schedule(() -> fire(wait), nanos, TimeUnit.NANOSECONDS);
    pending.put(op, wait);
    return wait;
  }

  /// @param wait null where it was refused
  private void settle(Operation op, @Nullable Wait wait) {
    if (wait == null) {
      op.attempted(-Errno.ECANCELED);
    } else if (op.cancelled) {
      cancel(wait);
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

  private void fire(Wait wait) {
    // Whoever takes it out of the map completes it. A timer that fires before its wait is in the
    // map waits for the lock under which that happens. By then the operation may wait anew.
    boolean mine;
    synchronized (this) {
      mine = pending.remove(wait.op, wait);
    }
    if (mine) {
      wait.action.run();
    }
  }

  /// Ends the wait of `op`, if it waits.
  void cancel(Operation op) {
    Wait wait = pending.get(op);
    if (wait != null) {
      cancel(wait);
    }
  }

  /// Ends this wait, and no later one.
  private void cancel(Wait wait) {
    if (!pending.remove(wait.op, wait)) {
      return;
    }
    Future<?> task = wait.task;
    if (task != null) {
      task.cancel(false);
    }
    wait.op.attempted(-Errno.ECANCELED);
  }

  /// Cancels what is pending, and what comes.
  void cancelAll() {
    synchronized (this) {
      cancelled = true;
    }
    pending.values().forEach(this::cancel);
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
