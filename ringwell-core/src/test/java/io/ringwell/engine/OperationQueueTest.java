package io.ringwell.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OperationQueueTest {
  @Test
  void keepsOrderAndRefusesWhatIsOverItsCapacity() {
    OperationQueue queue = new OperationQueue(4);
    Operation[] ops = operations(5);
    for (int i = 0; i < 4; i++) {
      assertThat(queue.offer(ops[i])).isTrue();
    }
    assertThat(queue.offer(ops[4])).isFalse();
    assertThat(queue.poll()).isSameAs(ops[0]);
    assertThat(queue.offer(ops[4])).isTrue();
    for (int i = 1; i < 5; i++) {
      assertThat(queue.poll()).isSameAs(ops[i]);
    }
    assertThat(queue.poll()).isNull();
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void batchTakesWhatHasRoom() {
    OperationQueue queue = new OperationQueue(4);
    Operation[] ops = operations(8);
    assertThat(queue.offer(ops, 0, 3)).isEqualTo(3);
    assertThat(queue.offer(ops, 3, 8)).isEqualTo(1);
    assertThat(queue.offer(ops, 4, 8)).isZero();
    for (int i = 0; i < 4; i++) {
      assertThat(queue.poll()).isSameAs(ops[i]);
    }
  }

  @Test
  void manyProducersLoseNothingAndKeepTheirOwnOrder() throws Exception {
    OperationQueue queue = new OperationQueue(64);
    int producers = 4;
    int each = 20_000;
    AtomicInteger running = new AtomicInteger(producers);
    Thread[] threads = new Thread[producers];
    for (int p = 0; p < producers; p++) {
      int mine = p;
      threads[p] =
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < each; i++) {
                  Operation op = new Operation();
                  op.address = mine;
                  op.offset = i;
                  while (!queue.offer(op)) {
                    Thread.onSpinWait();
                  }
                }
                running.decrementAndGet();
              });
    }
    long[] next = new long[producers];
    List<String> wrong = new ArrayList<>();
    int taken = 0;
    while (taken < producers * each) {
      Operation op = queue.poll();
      if (op == null) {
        assertThat(running.get() > 0 || !queue.isEmpty() || taken == producers * each).isTrue();
        Thread.onSpinWait();
        continue;
      }
      taken++;
      if (op.offset != next[(int) op.address]++) {
        wrong.add(op.address + ":" + op.offset);
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(wrong).isEmpty();
    assertThat(queue.poll()).isNull();
  }

  private static Operation[] operations(int count) {
    Operation[] ops = new Operation[count];
    for (int i = 0; i < count; i++) {
      ops[i] = new Operation();
    }
    return ops;
  }
}
