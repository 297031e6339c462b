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
  private final WaitSlot.Condition hint;
  private final Outcome<T> outcome;

  /// @param hint whether to look at `condition` again; writes nothing, for [WaitSlot#arm]
  Pending(
      WaitSlot slot, WaitSlot.Condition condition, WaitSlot.Condition hint, Outcome<T> outcome) {
    this.slot = slot;
    this.condition = condition;
    this.hint = hint;
    this.outcome = outcome;
  }

  CompletionStage<T> begin() {
    run();
    return result.minimalCompletionStage();
  }

  /// In the scheduler: the other side has done something.
  @Override
  public void run() {
    while (!condition.holds()) {
      if (!slot.arm(this, hint)) {
        return;
      }
    }
    T value;
    try {
      value = outcome.take();
    } catch (IOException | RuntimeException | Error e) {
      slot.leave();
      result.completeExceptionally(e);
      return;
    }
    slot.leave();
    result.complete(value);
  }
}
