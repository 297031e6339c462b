package io.ringwell.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Iterators nested and mixed at random, walked and sought at random, with children that suspend
/// and fail, show what the model of their rows shows.
class CompositionTest {
  private static final int SHORT_ROUNDS = 4_000;
  private static final int SOAK_ROUNDS = 400_000;
  private static final int MOVES = 60;
  private static final int NUMBERS = 50;

  @Test
  void anyCompositionShowsWhatItsModelShows() throws IOException {
    long seed = Trials.seed(CompositionTest.class);
    for (long round = seed; round < seed + SHORT_ROUNDS; round++) {
      walk(round);
    }
  }

  @Test
  @Tag("soak")
  void anyCompositionShowsWhatItsModelShowsForLong() throws IOException {
    long seed = Trials.seed(CompositionTest.class);
    long end = Trials.soakEnd();
    for (long round = seed; round < seed + SOAK_ROUNDS && System.nanoTime() < end; round++) {
      walk(round);
    }
  }

  private static void walk(long seed) throws IOException {
    Random random = new Random(seed);
    RowIterator.Trouble trouble =
        new RowIterator.Trouble(random, random.nextInt(3) * 20, random.nextInt(3) * 5);
    Composition made = Composition.random(random, 0, NUMBERS, random.nextInt(4), trouble);
    RowCursor model = new RowCursor(made.rows());
    String where = "seed " + seed + ", " + made;
    try (KvIterator entries = made.entries()) {
      for (int i = 0; i < MOVES; i++) {
        String at = where + ", move " + i;
        try {
          move(random, entries, model, at);
        } catch (IOException e) {
          assertThat(e).as(at).hasMessageContaining("as the test wants it");
          assertThatThrownBy(entries::poll).as(at).isInstanceOf(IllegalStateException.class);
          assertThat(entries.isValid()).as(at).isFalse();
          seek(random, entries, model);
        }
      }
    }
    assertThatThrownBy(made.entries()::poll)
        .as(where)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  private static void move(Random random, KvIterator entries, RowCursor model, String where)
      throws IOException {
    int kind = random.nextInt(10);
    if (kind < 3) {
      seek(random, entries, model);
    }
    int steps = 1 + random.nextInt(5);
    for (int i = 0; i < steps; i++) {
      boolean forward = kind < 4 || (kind < 8 ? kind % 2 == 0 : random.nextBoolean());
      Integer result = step(random, entries, forward);
      if (result == null) {
        seek(random, entries, model);
        return;
      }
      Row expected = forward ? model.next() : model.previous();
      check(entries, result, expected, where + (forward ? " forwards" : " backwards"));
    }
  }

  /// Null if it was given up while it was pending.
  private static @Nullable Integer step(Random random, KvIterator entries, boolean forward)
      throws IOException {
    if (random.nextInt(4) == 0) {
      boolean moved = forward ? entries.next() : entries.previous();
      return moved ? KvIterator.ENTRY : KvIterator.END;
    }
    int result;
    while ((result = forward ? entries.poll() : entries.pollPrevious()) == KvIterator.PENDING) {
      assertThat(entries.isValid()).isFalse();
      switch (random.nextInt(20)) {
        case 0 -> {
          return null;
        }
        case 1 ->
            assertThatThrownBy(forward ? entries::pollPrevious : entries::poll)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is pending");
        case 2 -> entries.ready().toCompletableFuture().join();
        default -> {}
      }
    }
    return result;
  }

  private static void check(KvIterator entries, int result, @Nullable Row expected, String where)
      throws IOException {
    if (expected == null) {
      assertThat(result).as(where).isEqualTo(KvIterator.END);
      assertThat(entries.isValid()).as(where).isFalse();
      assertThatThrownBy(entries::keyLength).as(where).isInstanceOf(IllegalStateException.class);
    } else {
      assertThat(result).as(where).isEqualTo(KvIterator.ENTRY);
      assertThat(Row.at(entries)).as(where).isEqualTo(expected);
    }
  }

  private static void seek(Random random, KvIterator entries, RowCursor model) {
    String key = Row.of(random.nextInt(NUMBERS + 2)).key();
    key = random.nextInt(3) == 0 ? key + "x" : key.substring(0, key.length() - random.nextInt(2));
    switch (random.nextInt(6)) {
      case 0 -> {
        entries.rewind();
        model.toStart();
      }
      case 1 -> {
        entries.seekToEnd();
        model.toEnd();
      }
      case 2, 3 -> {
        entries.seek(Row.memory(key));
        model.seek(key);
      }
      default -> {
        entries.seekForPrevious(Row.memory(key));
        model.seekForPrevious(key);
      }
    }
  }
}
