package io.ringwell.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Life-cycle calls of one buffer at the same time from several threads. Each round either ends in
/// one of the orders in which the calls could have come, or throws where that order says so.
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class LifetimeRaceTest {
  private static final int ROUNDS = Trials.rounds(1_000);

  private final BufferPool pool =
      BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20).withPoison(true));
  private final Race race = new Race();

  @AfterEach
  void nothingIsLeftBehind() {
    race.close();
    PoolStats stats = pool.stats();
    assertThat(stats.inUseBytes()).isZero();
    assertThat(stats.lentBytes()).isZero();
    assertThat(stats.damaged()).isZero();
    pool.close();
  }

  private static void countFailure(Race.Runner action, AtomicInteger failures) throws Exception {
    try {
      action.run();
    } catch (IllegalStateException e) {
      failures.incrementAndGet();
    }
  }

  @Test
  void exactlyOneOfManyClosesSucceeds() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      AtomicInteger failures = new AtomicInteger();
      IoBuffer buffer = pool.acquire(512);
      race.run(
          () -> countFailure(buffer::close, failures),
          () -> countFailure(buffer::close, failures),
          () -> countFailure(buffer::close, failures));
      assertThat(failures).hasValue(2);
      Bytes bytes = pool.acquire(512).freeze();
      failures.set(0);
      race.run(
          () -> countFailure(bytes::close, failures),
          () -> countFailure(bytes::close, failures),
          () -> countFailure(bytes::close, failures));
      assertThat(failures).hasValue(2);
    }
  }

  @Test
  void eitherFreezeOrCloseWins() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      AtomicInteger failures = new AtomicInteger();
      IoBuffer buffer = pool.acquire(512);
      race.run(
          () -> countFailure(buffer::close, failures),
          () -> countFailure(() -> buffer.freeze().close(), failures));
      assertThat(failures).hasValue(1);
      assertThat(pool.stats().inUseBytes()).isZero();
    }
  }

  @Test
  void eitherFreezeOrLendWins() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      AtomicInteger failures = new AtomicInteger();
      IoBuffer buffer = pool.acquire(512);
      race.run(
          () ->
              countFailure(
                  () -> {
                    buffer.lend();
                    buffer.giveBack();
                  },
                  failures),
          () -> countFailure(() -> buffer.freeze().close(), failures));
      assertThat(failures.get()).isLessThanOrEqualTo(1);
      if (!buffer.isClosed()) {
        buffer.close(); // the freeze saw it lent
      }
      assertThat(pool.stats().inUseBytes()).isZero();
    }
  }

  @Test
  void sliceShareCloseAndGiveBackKeepTheMemoryExactlyAsLongAsNeeded() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      IoBuffer buffer = pool.acquire(4096);
      long value = i;
      buffer.segment().set(JAVA_LONG, 0, value);
      Bytes bytes = buffer.freeze();
      bytes.lend();
      race.run(
          bytes::close,
          bytes::giveBack,
          () -> readThroughNewHandle(bytes, value),
          () -> readThroughNewHandle(bytes, value));
      assertThat(pool.stats().inUseBytes()).isZero();
    }
  }

  private static void readThroughNewHandle(Bytes bytes, long value) {
    Bytes mine;
    try {
      mine = bytes.slice(0, 8);
    } catch (IllegalStateException closedBefore) {
      return;
    }
    try (mine) {
      // Poison would show here if the memory had gone back although this handle is open.
      assertThat(mine.segment().get(JAVA_LONG, 0)).isEqualTo(value);
    }
  }

  @Test
  void abandonedBufferIsReusedOnlyAfterTheLastGiveBack() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      IoBuffer buffer = pool.acquire(512);
      long address = buffer.address();
      buffer.lend();
      buffer.lend();
      buffer.lend();
      AtomicInteger given = new AtomicInteger();
      race.run(
          buffer::close,
          () -> giveBack(buffer, given),
          () -> giveBack(buffer, given),
          () -> giveBack(buffer, given),
          () -> {
            try (IoBuffer other = pool.acquire(512)) {
              if (other.address() == address) {
                assertThat(given).hasValue(3);
              }
            }
          });
      assertThat(pool.stats().inUseBytes()).isZero();
    }
  }

  private static void giveBack(IoBuffer buffer, AtomicInteger given) {
    given.incrementAndGet();
    buffer.giveBack();
  }

  @Test
  void manyThreadsNeverShareABuffer() throws Exception {
    long seed = Trials.seed(getClass());
    int rounds = Trials.rounds(20_000);
    race.run(
        () -> useBuffers(seed, rounds),
        () -> useBuffers(seed + 1, rounds),
        () -> useBuffers(seed + 2, rounds),
        () -> useBuffers(seed + 3, rounds));
  }

  private void useBuffers(long seed, int rounds) throws Exception {
    Random random = new Random(seed);
    long id = Thread.currentThread().threadId();
    for (int i = 0; i < rounds; i++) {
      IoBuffer buffer = pool.acquire(512L << random.nextInt(4));
      buffer.segment().set(JAVA_LONG, 0, id);
      buffer.segment().set(JAVA_LONG, buffer.capacity() - 8, i);
      if (random.nextInt(64) == 0) {
        LockSupport.parkNanos(1); // lets others in while this is held
      }
      try (Bytes bytes = buffer.freeze()) {
        assertThat(bytes.segment().get(JAVA_LONG, 0)).isEqualTo(id);
        assertThat(bytes.segment().get(JAVA_LONG, bytes.size() - 8)).isEqualTo(i);
      }
    }
  }

  @Test
  void poolClosedDuringUseUnmapsAfterTheLastBuffer() throws Exception {
    for (int i = 0; i < ROUNDS / 10; i++) {
      BufferPool closing = BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20));
      int pause = i;
      race.run(
          () -> useUntilClosed(closing),
          () -> useUntilClosed(closing),
          () -> useUntilClosed(closing),
          () -> {
            for (int spin = 0; spin < pause; spin++) {
              Thread.onSpinWait();
            }
            closing.close();
          });
      assertThat(closing.stats().inUseBytes()).isZero();
    }
  }

  private static void useUntilClosed(BufferPool closing) throws Exception {
    while (true) {
      IoBuffer buffer;
      try {
        buffer = closing.acquire(4096);
      } catch (IllegalStateException closed) {
        return;
      }
      try (buffer) {
        buffer.segment().fill((byte) 1);
      }
    }
  }
}
