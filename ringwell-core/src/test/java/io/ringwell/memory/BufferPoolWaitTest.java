package io.ringwell.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.MINUTES)
class BufferPoolWaitTest {
  private static final long SLAB = 64 * 1024;

  private final BufferPool pool =
      BufferPool.shared(PoolOptions.ofMaxBytes(2 * SLAB).withSlabBytes(SLAB));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void nothingIsLeftBehind() {
    threads.shutdownNow();
    assertThat(pool.stats().inUseBytes()).isZero();
    assertThat(pool.stats().waiting()).isZero();
    pool.close();
  }

  private void untilWaiting(long count) {
    while (pool.stats().waiting() != count) {
      Thread.onSpinWait();
    }
  }

  @Test
  void waitersAreServedInTheOrderInWhichTheyCame() throws Exception {
    IoBuffer all = pool.acquire(2 * SLAB);
    List<Integer> served = Collections.synchronizedList(new ArrayList<>());
    List<Future<?>> ends = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      ends.add(
          threads.submit(() -> {
            // Each takes everything, so the next is served only after it.
            try (IoBuffer mine = pool.acquire(2 * SLAB)) {
              served.add(number);
              return mine.capacity();
            }
          }));
      untilWaiting(i + 1);
    }
    all.close();
    for (Future<?> end : ends) {
      end.get();
    }
    assertThat(served).isSorted().hasSize(20);
  }

  @Test
  void smallRequestDoesNotOvertakeALargeOneThatWaits() throws Exception {
    IoBuffer half = pool.acquire(SLAB);
    Future<IoBuffer> large = threads.submit(() -> pool.acquire(2 * SLAB));
    untilWaiting(1);
    assertThat(pool.tryAcquire(512)).as("there is room, but others come first").isNull();
    half.close();
    large.get().close();
    try (IoBuffer small = pool.acquire(512)) {
      assertThat(small.isClosed()).isFalse();
    }
  }

  @Test
  void thoseBehindAreServedWhenTheFirstGivesUp() throws Exception {
    IoBuffer half = pool.acquire(SLAB);
    CountDownLatch interrupted = new CountDownLatch(1);
    Thread large =
        Thread.ofVirtual()
            .start(() -> {
              try {
                pool.acquire(2 * SLAB).close();
              } catch (InterruptedIOException expected) {
                interrupted.countDown();
              }
            });
    untilWaiting(1);
    Future<IoBuffer> small = threads.submit(() -> pool.acquire(512));
    untilWaiting(2);
    large.interrupt();
    small.get().close();
    interrupted.await();
    half.close();
  }

  @Test
  void closeEndsAllWaits() throws Exception {
    IoBuffer all = pool.acquire(2 * SLAB);
    List<Future<?>> ends = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ends.add(
          threads.submit(
              () -> assertThatIllegalStateException().isThrownBy(() -> pool.acquire(1))));
    }
    untilWaiting(5);
    pool.close();
    for (Future<?> end : ends) {
      end.get();
    }
    all.close();
  }

  @Test
  void waitingVirtualThreadsLeaveTheirCarriers() throws Exception {
    IoBuffer all = pool.acquire(2 * SLAB);
    int count = 1000; // far more than there are carriers
    CountDownLatch served = new CountDownLatch(count);
    for (int i = 0; i < count; i++) {
      threads.execute(() -> {
        try (IoBuffer mine = pool.acquire(4096)) {
          assertThat(mine.capacity()).isEqualTo(4096);
          served.countDown();
        } catch (InterruptedIOException e) {
          throw new AssertionError(e);
        }
      });
    }
    untilWaiting(count);
    all.close();
    assertThat(served.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(pool.stats().refused()).isZero();
    while (pool.stats().inUseBytes() != 0) {
      Thread.onSpinWait(); // the last is being closed
    }
  }

  /// Nothing else happens to the pool afterwards, so a wake-up that is lost here stays lost.
  @Test
  void releaseAtTheMomentOfQueueingIsNotMissed() throws Exception {
    int rounds = Trials.rounds(20_000);
    int[] pauses = {0, 3, 10, 30, 60, 100};
    try (Race race = new Race()) {
      for (int i = 0; i < rounds; i++) {
        IoBuffer all = pool.acquire(2 * SLAB);
        int pause = pauses[i % pauses.length];
        race.run(
            () -> {
              for (int spin = 0; spin < pause; spin++) {
                Thread.onSpinWait();
              }
              all.close();
            },
            () -> pool.acquire(SLAB, Duration.ofMinutes(1)).close());
      }
    }
  }

  @Test
  void noWakeUpIsLostAmongTimeoutsAndInterrupts() throws Exception {
    AtomicInteger acquired = new AtomicInteger();
    int rounds = Trials.rounds(3000);
    try (Race race = new Race()) {
      race.run(
          () -> keepAcquiring(rounds, acquired),
          () -> keepAcquiring(rounds, acquired),
          () -> keepTrying(rounds, acquired),
          () -> keepTrying(rounds, acquired),
          () -> keepInterrupted(rounds, acquired),
          () -> keepInterrupted(rounds, acquired));
    }
    assertThat(pool.stats().acquired()).isEqualTo(acquired.get());
  }

  private void keepAcquiring(int rounds, AtomicInteger acquired) throws Exception {
    for (int i = 0; i < rounds; i++) {
      try (IoBuffer mine = pool.acquire(i % 3 == 0 ? 2 * SLAB : SLAB)) {
        mine.segment().fill((byte) i);
        acquired.incrementAndGet();
      }
    }
  }

  private void keepTrying(int rounds, AtomicInteger acquired) throws Exception {
    for (int i = 0; i < rounds; i++) {
      try (IoBuffer mine = pool.acquire(SLAB + i % 2, Duration.ofNanos(i % 50_000))) {
        mine.segment().fill((byte) i);
        acquired.incrementAndGet();
      } catch (TimeoutException expected) {
        Thread.onSpinWait();
      }
    }
  }

  private void keepInterrupted(int rounds, AtomicInteger acquired) {
    Thread self = Thread.currentThread();
    for (int i = 0; i < rounds; i++) {
      Thread other = i % 8 == 0 ? Thread.ofVirtual().start(self::interrupt) : null;
      try (IoBuffer mine = pool.acquire(SLAB)) {
        acquired.incrementAndGet();
        mine.segment().fill((byte) i);
      } catch (InterruptedIOException expected) {
        assertThat(self.isInterrupted()).isTrue();
      }
      while (other != null && other.isAlive()) {
        Thread.onSpinWait();
      }
      Thread.interrupted();
    }
  }
}
