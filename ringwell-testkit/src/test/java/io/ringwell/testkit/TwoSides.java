package io.ringwell.testkit;

import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// How the two sides of a race are started, brought to meet, and waited for.
final class TwoSides {
  private TwoSides() {}

  /// Lets up to some ten microseconds pass, so that the two sides meet everywhere.
  static void pause(SplittableRandom random) {
    long end = System.nanoTime() + random.nextInt(60_000);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  static FutureTask<Void> task(Guarded.Body body) {
    return new FutureTask<>(() -> {
      body.run();
      return null;
    });
  }

  /// On a virtual thread or on one of the platform.
  static Thread start(SplittableRandom random, FutureTask<?> task) {
    return random.nextBoolean() ? Thread.ofVirtual().start(task) : Thread.ofPlatform().start(task);
  }

  static FutureTask<Void> start(SplittableRandom random, Guarded.Body body) {
    FutureTask<Void> task = task(body);
    start(random, task);
    return task;
  }

  static void join(FutureTask<?> task) throws Exception {
    try {
      task.get();
    } catch (ExecutionException e) {
      throw new AssertionError(String.valueOf(e.getCause()), e.getCause());
    }
  }
}
