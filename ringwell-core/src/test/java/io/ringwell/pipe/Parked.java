package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/// A call that parks, on a thread of its own.
record Parked<T>(Thread thread, FutureTask<T> task) {
  /// Runs `call`, and returns when its thread is parked.
  static <T> Parked<T> of(boolean virtual, Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = virtual ? Thread.ofVirtual().start(task) : Thread.ofPlatform().start(task);
    while (thread.getState() != Thread.State.WAITING) {
      assertThat(task.isDone()).isFalse();
      Thread.onSpinWait();
    }
    return new Parked<>(thread, task);
  }

  static <T> Parked<T> of(Callable<T> call) {
    return of(false, call);
  }

  T end() throws Exception {
    return task.get();
  }
}
