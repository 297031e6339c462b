package io.ringwell.testkit;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Does things later, on one thread of its own, each after its own delay: so they change places.
final class LateTeller implements AutoCloseable {
  private final ScheduledThreadPoolExecutor thread;

  LateTeller() {
    thread =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("ringwell-fault").factory());
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(true);
  }

  /// False where it is closed already: then it is for the caller to do.
  ///
  /// The executor alone would not do: a task that arrives while it shuts down it may drop.
  synchronized boolean tell(Runnable what, long delayNanos) {
    if (thread.isShutdown()) {
      return false;
    }
    var _ = thread.schedule(() -> run(what), delayNanos, TimeUnit.NANOSECONDS);
    return true;
  }

  /// A task of the executor's would keep what it throws to itself.
  private static void run(Runnable what) {
    try {
      what.run();
    } catch (RuntimeException | Error e) {
      Thread self = Thread.currentThread();
      self.getUncaughtExceptionHandler().uncaughtException(self, e);
    }
  }

  private synchronized void shutDown() {
    thread.shutdown();
  }

  /// Takes nothing new, and returns when all has been told, an interrupt or not.
  @Override
  public void close() {
    shutDown();
    boolean interrupted = false;
    while (!thread.isTerminated()) {
      try {
        thread.awaitTermination(1, TimeUnit.HOURS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
