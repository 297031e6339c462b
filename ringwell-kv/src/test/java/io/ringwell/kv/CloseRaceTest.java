package io.ringwell.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A close that meets a step, or a wait, on another thread ends it; it never makes what was walked
/// look complete when it is not, and never shows a wrong entry.
class CloseRaceTest {
  private static final int SHORT_ROUNDS = 1_000;
  private static final int SOAK_ROUNDS = 100_000;
  private static final int NUMBERS = 50;

  @Test
  void aCloseEndsStepsAndWaitsOfAnotherThread() throws Exception {
    long seed = Trials.seed(CloseRaceTest.class);
    for (long round = seed; round < seed + SHORT_ROUNDS; round++) {
      race(round);
    }
  }

  @Test
  @Tag("soak")
  void aCloseEndsStepsAndWaitsOfAnotherThreadForLong() throws Exception {
    long seed = Trials.seed(CloseRaceTest.class);
    long end = Trials.soakEnd();
    for (long round = seed; round < seed + SOAK_ROUNDS && System.nanoTime() < end; round++) {
      race(round);
    }
  }

  private static void race(long seed) throws Exception {
    Random random = new Random(seed);
    Composition made =
        Composition.random(
            random, 0, NUMBERS, 1 + random.nextInt(3), new RowIterator.Trouble(random, 30, 0));
    CountDownLatch walking = new CountDownLatch(1);
    CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          walking.countDown();
          try {
            walk(made);
            end.complete(null);
          } catch (Throwable e) {
            end.complete(e);
          }
        });
    walking.await();
    // How the two threads meet is chance: the seed says what was walked.
    for (int spins = ThreadLocalRandom.current().nextInt(2_000); spins > 0; spins--) {
      Thread.onSpinWait();
    }
    made.entries().close();
    Throwable thrown = end.get();
    if (thrown != null) {
      assertThat(thrown)
          .as("seed %d, %s", seed, made)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  /// Forwards and backwards, until it is closed or that was done often.
  private static void walk(Composition made) throws Exception {
    for (int times = 0; times < 20; times++) {
      RowCursor model = new RowCursor(made.rows());
      KvIterator entries = made.entries();
      entries.rewind();
      walk(entries, model, true);
      walk(entries, model, false);
    }
  }

  private static void walk(KvIterator entries, RowCursor model, boolean forward) throws Exception {
    while (true) {
      boolean moved = forward ? entries.next() : entries.previous();
      Row expected = forward ? model.next() : model.previous();
      if (!moved) {
        assertThat(expected).isNull();
        return;
      }
      assertThat(Row.at(entries)).isEqualTo(expected);
    }
  }
}
