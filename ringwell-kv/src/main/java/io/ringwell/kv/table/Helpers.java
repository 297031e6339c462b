package io.ringwell.kv.table;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The threads that open blocks before a scan comes to them, and compress them for writers: one
/// fewer than there are processors, and no fewer than one. They start as there is work, and end
/// after ten idle seconds. They never do what waits.
final class Helpers {
  private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
  private static final long IDLE_SECONDS = 10;

  private static final Executor EXECUTOR = executor();

  private Helpers() {}

  /// Has `work` done by one of them. What waits is bounded by those who call: each iterator and
  /// writer has few calls at once.
  static void call(Runnable work) {
    EXECUTOR.execute(work);
  }

  private static Executor executor() {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "ringwell-kv-helper-" + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
