package io.ringwell.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class CompletionQueueTest {
  private final CompletionQueue queue = new CompletionQueue();

  private static void awaitParked(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      assertThat(thread.isAlive()).isTrue();
      Thread.onSpinWait();
    }
  }

  private int drain() {
    int count = 0;
    while (queue.poll() != null) {
      count++;
    }
    return count;
  }

  /// Waits for so many, and answers how many there were then.
  private FutureTask<Integer> waiter(int count) {
    return new FutureTask<>(() -> {
      queue.awaitArrivals(count);
      return drain();
    });
  }

  @Test
  void takerIsWokenOnceSoManyHaveArrived() throws Exception {
    for (int round = 0; round < 100; round++) {
      FutureTask<Integer> task = waiter(4);
      Thread thread = Thread.ofPlatform().start(task);
      awaitParked(thread);
      queue.add(new Operation());
      queue.add(new Operation());
      awaitParked(thread);
      Operation newer = new Operation();
      newer.nextDone = new Operation();
      queue.addAll(newer, newer.nextDone);
      assertThat(task.get(20, TimeUnit.SECONDS)).isEqualTo(4);
    }
  }

  @Test
  void whatHasArrivedBeforeCounts() throws Exception {
    queue.add(new Operation());
    queue.add(new Operation());
    FutureTask<Integer> task = waiter(2);
    task.run();
    assertThat(task.get()).isEqualTo(2);
    // What was taken does not.
    queue.add(new Operation());
    task = waiter(2);
    Thread thread = Thread.ofPlatform().start(task);
    awaitParked(thread);
    queue.add(new Operation());
    assertThat(task.get(20, TimeUnit.SECONDS)).isEqualTo(2);
  }
}
