package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Who looks again late, when his task was woken and waits anew.
class WaitSlotTest {
  private final WaitSlot slot = new WaitSlot(Runnable::run);
  private final Runnable task = this::run;
  private int runs;

  private void run() {
    runs++;
    if (runs == 1) {
      assertThat(slot.arm(task, () -> false)).isFalse();
    }
  }

  private boolean isWokenAndHolds() {
    slot.wake();
    return true;
  }

  @Test
  void theNextTurnOfATaskIsNotTakenOutByTheOneBefore() {
    assertThat(slot.arm(task, this::isWokenAndHolds)).as("goes on itself").isFalse();
    assertThat(runs).isEqualTo(1);
    assertThat(slot.isTaken()).as("waits anew").isTrue();
    slot.wake();
    assertThat(runs).isEqualTo(2);
    assertThat(slot.isTaken()).isFalse();
  }

  @Test
  void whoListensIsUnparkedAndTakesTheSlotAnew() {
    slot.listen();
    assertThat(slot.isTaken() && slot.isWaiting()).isTrue();
    slot.wake();
    assertThat(slot.isTaken()).isFalse();
    slot.listen();
    assertThat(slot.isTaken()).isTrue();
    slot.ignore();
    assertThat(slot.isTaken() || slot.isWaiting()).isFalse();
  }

  @Test
  void aStageWaitsUntilItHasWhatItWaitsFor() {
    AtomicBoolean there = new AtomicBoolean();
    Pending<Boolean> pending = new Pending<>(slot, there::get, there::get, () -> slot.isWaiting());
    CompletableFuture<Boolean> result = pending.begin().toCompletableFuture();
    CompletableFuture<Boolean> after = result.thenApply(held -> slot.isWaiting());
    assertThat(slot.isWaiting()).isTrue();
    there.set(true);
    slot.wake();
    assertThat(result).isCompletedWithValue(true);
    assertThat(after).isCompletedWithValue(false);
  }
}
