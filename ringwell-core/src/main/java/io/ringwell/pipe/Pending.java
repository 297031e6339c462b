package io.ringwell.pipe;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// A stage that waits for the other side.
final class Pending<T> implements Runnable {
  /// What it completes with, once the condition holds.
  interface Outcome<T> {
    T take() throws IOException;
  }

  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final WaitSlot slot;
  private final WaitSlot.Condition condition;
  private final Outcome<T> outcome;

  Pending(WaitSlot slot, WaitSlot.Condition condition, Outcome<T> outcome) {
    this.slot = slot;
    this.condition = condition;
    this.outcome = outcome;
  }

  CompletionStage<T> begin() {
    run();
    return result.minimalCompletionStage();
  }

  /// In the scheduler: the other side has done something.
  @Override
  public void run() {
    if (!condition.holds() && !slot.arm(this, condition)) {
      return;
    }
    slot.leave();
    T value;
    try {
      value = outcome.take();
    } catch (IOException | RuntimeException | Error e) {
      result.completeExceptionally(e);
      return;
    }
    result.complete(value);
  }
}
