package io.ringwell.cli;

import java.util.concurrent.CountDownLatch;

/// How the jobs of a bench start together and stop together.
final class BenchSignals {
  private final CountDownLatch ready;
  private final CountDownLatch go = new CountDownLatch(1);
  private final CountDownLatch ended;
  private volatile boolean stopped;

  BenchSignals(int jobs) {
    ready = new CountDownLatch(jobs);
    ended = new CountDownLatch(jobs);
  }

  /// A job is set up: waits until all are.
  void awaitGo() throws InterruptedException {
    ready.countDown();
    go.await();
  }

  /// A job has ended, also where it was never ready.
  void ended() {
    ready.countDown();
    ended.countDown();
  }

  void awaitReady() throws InterruptedException {
    ready.await();
  }

  void go() {
    go.countDown();
  }

  void stop() {
    stopped = true;
  }

  boolean stopped() {
    return stopped;
  }

  /// @return whether all jobs ended in time
  boolean awaitEnd(long millis) throws InterruptedException {
    return ended.await(millis, java.util.concurrent.TimeUnit.MILLISECONDS);
  }
}
