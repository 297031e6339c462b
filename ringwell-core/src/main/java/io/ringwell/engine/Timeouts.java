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
  private boolean ended;

  void start(Operation op) {
    boolean refused;
    synchronized (this) {
      refused = ended;
      if (!refused) {
        pending.put(op, timer().schedule(() -> fire(op), op.length, TimeUnit.NANOSECONDS));
      }
    }
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

  private void fire(Operation op) {
    // Whoever takes it out of the map completes it. A timer that fires before its task is in the
    // map waits for the lock under which that happens.
    Future<?> mine;
    synchronized (this) {
      mine = pending.remove(op);
    }
    if (mine != null) {
      op.attempted(0);
    }
  }

  void cancel(Operation op) {
    Future<?> task = pending.remove(op);
    if (task != null) {
      task.cancel(false);
      op.attempted(-Errno.ECANCELED);
    }
  }

  /// Cancels what is pending.
  void end() {
    ScheduledThreadPoolExecutor own;
    synchronized (this) {
      ended = true;
      own = timer;
    }
    for (Operation op : pending.keySet()) {
      cancel(op);
    }
    if (own != null) {
      own.shutdown();
    }
  }
}
