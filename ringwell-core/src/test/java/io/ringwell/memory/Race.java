package io.ringwell.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Runs the same number of rounds on several threads, each round started by all at once.
final class Race implements AutoCloseable {
  /// What one thread does in a race.
  interface Runner {
    void run() throws Exception;
  }

  private static final long LIMIT_MINUTES = 30;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  /// Runs all at once and waits for all; throws what the first of them threw.
  void run(Runner... runners) throws Exception {
    AtomicInteger missing = new AtomicInteger(runners.length);
    List<Future<?>> ends = new ArrayList<>();
    for (Runner runner : runners) {
      ends.add(
          threads.submit(() -> {
            meet(missing);
            runner.run();
            return null;
          }));
    }
    for (Future<?> end : ends) {
      join(end);
    }
  }

  /// Spins, so that those who run at the same time start within nanoseconds of each other; parks
  /// now and then for those that have no processor yet.
  private static void meet(AtomicInteger missing) {
    missing.decrementAndGet();
    for (int spins = 1; missing.get() > 0; spins++) {
      if (spins % 1024 == 0) {
        LockSupport.parkNanos(1);
      } else {
        Thread.onSpinWait();
      }
    }
  }

  private static void join(Future<?> end)
      throws InterruptedException, TimeoutException, ExecutionException {
    end.get(LIMIT_MINUTES, TimeUnit.MINUTES);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
