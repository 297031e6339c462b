package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// So many calls at once, and the rest waits.
@Timeout(60)
final class SocketThreadsTest {
  @Test
  void callsBeyondTheMostWaitAndCanBeTakenBack() throws Exception {
    CountDownLatch begun = new CountDownLatch(SocketThreads.MOST);
    CountDownLatch open = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(SocketThreads.MOST + 1);
    AtomicInteger late = new AtomicInteger();
    try (SocketThreads threads = new SocketThreads()) {
      for (int i = 0; i < SocketThreads.MOST; i++) {
        threads.execute(() -> {
          begun.countDown();
          awaitOpen(open);
          done.countDown();
        });
      }
      begun.await();
      Runnable waits =
          () -> {
            late.incrementAndGet();
            done.countDown();
          };
      Runnable unwanted = late::incrementAndGet;
      threads.execute(unwanted);
      threads.execute(waits);
      assertThat(threads.remove(unwanted)).isTrue();
      assertThat(threads.remove(unwanted)).isFalse();
      assertThat(late).hasValue(0);
      open.countDown();
      done.await();
    }
    assertThat(late).hasValue(1);
  }

  @Test
  void closedItTakesNoMore() {
    SocketThreads threads = new SocketThreads();
    threads.close();
    assertThatThrownBy(() -> threads.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }

  private static void awaitOpen(CountDownLatch open) {
    try {
      open.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
