package io.ringwell.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GateTest {
  @Test
  void emptyGateShutsAtOnceAndOnlyOnce() {
    Gate gate = new Gate();
    AtomicInteger shut = new AtomicInteger();
    assertThat(gate.close(shut::incrementAndGet)).isTrue();
    assertThat(gate.close(shut::incrementAndGet)).isFalse();
    assertThat(shut).hasValue(1);
    assertThat(gate.enter()).isFalse();
  }

  @Test
  void lastToLeaveShutsIt() {
    Gate gate = new Gate();
    AtomicInteger shut = new AtomicInteger();
    assertThat(gate.enter()).isTrue();
    assertThat(gate.enter()).isTrue();
    gate.close(shut::incrementAndGet);
    assertThat(gate.enter()).isFalse();
    gate.exit();
    assertThat(shut).hasValue(0);
    gate.exit();
    assertThat(shut).hasValue(1);
  }

  @Test
  void nobodyIsInsideWhenItShutsWhoeverRaces() throws Exception {
    for (int round = 0; round < 500; round++) {
      Gate gate = new Gate();
      AtomicBoolean shut = new AtomicBoolean();
      AtomicInteger violations = new AtomicInteger();
      CountDownLatch start = new CountDownLatch(1);
      Thread[] threads = new Thread[4];
      for (int i = 0; i < threads.length; i++) {
        threads[i] =
            Thread.ofPlatform()
                .start(() -> {
                  await(start);
                  while (gate.enter()) {
                    if (shut.get()) {
                      violations.incrementAndGet();
                    }
                    gate.exit();
                  }
                });
      }
      start.countDown();
      gate.close(() -> shut.set(true));
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(shut).isTrue();
      assertThat(violations).hasValue(0);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
