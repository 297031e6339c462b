package io.ringwell.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LazyConcatTest {
  private static final int NUMBERS = 10;

  /// Opens ten numbers, when it is told to.
  private static final class Opener implements KvOpener {
    final int from;
    final List<CompletableFuture<KvIterator>> asked = new ArrayList<>();
    final List<KvIterator> given = new ArrayList<>();
    boolean atOnce = true;
    boolean known;

    Opener(int from) {
      this.from = from;
    }

    @Override
    public CompletionStage<KvIterator> open() {
      CompletableFuture<KvIterator> stage = new CompletableFuture<>();
      asked.add(stage);
      if (atOnce) {
        give();
      }
      return stage;
    }

    void give() {
      KvIterator child = new TestIterator(from, from + NUMBERS);
      given.add(child);
      asked.getLast().complete(child);
    }

    boolean isOpen() {
      return !given.isEmpty() && !given.getLast().isClosed();
    }

    @Override
    public KvBounds bounds() {
      return known
          ? KvBounds.between(
              Row.memory(Row.of(from).key()), Row.memory(Row.of(from + NUMBERS).key()))
          : KvBounds.all();
    }
  }

  private static List<Opener> openers(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Opener(i * NUMBERS)).toList();
  }

  @Test
  void childrenAreOpenedWhenReachedTheNextOneBeforeAndClosedWhenLeft() throws IOException {
    List<Opener> openers = openers(5);
    try (KvIterator entries = ConcatIterator.lazy(openers)) {
      assertThat(openers).allMatch(opener -> opener.asked.isEmpty());
      for (int number = 0; number < 50; number++) {
        assertThat(entries.next()).isTrue();
        assertThat(Row.at(entries)).isEqualTo(Row.of(number));
        int child = number / NUMBERS;
        for (int i = 0; i < 5; i++) {
          assertThat(openers.get(i).isOpen())
              .as("child %d at number %d", i, number)
              .isEqualTo(i == child || i == child + 1);
        }
      }
      assertThat(entries.next()).isFalse();
      for (int number = 49; number >= 0; number--) {
        assertThat(entries.previous()).isTrue();
        assertThat(Row.at(entries)).isEqualTo(Row.of(number));
        int child = number / NUMBERS;
        assertThat(openers.get(child).isOpen()).isTrue();
        assertThat(openers.stream().filter(Opener::isOpen).count()).isLessThanOrEqualTo(3);
      }
    }
    assertThat(openers).noneMatch(Opener::isOpen);
  }

  @Test
  void aChildIsLeftWhenTheNextStandsOnAnEntry() throws IOException {
    List<Opener> openers = openers(2);
    openers.get(1).atOnce = false;
    try (KvIterator entries = ConcatIterator.lazy(openers)) {
      for (int number = 0; number < NUMBERS; number++) {
        assertThat(entries.poll()).isEqualTo(KvIterator.ENTRY);
      }
      assertThat(entries.poll()).isEqualTo(KvIterator.PENDING);
      assertThat(openers.get(0).isOpen()).isTrue();
      var ready = entries.ready().toCompletableFuture();
      assertThat(ready).isNotDone();
      openers.get(1).give();
      assertThat(ready).isDone();
      assertThat(entries.poll()).isEqualTo(KvIterator.ENTRY);
      assertThat(Row.at(entries)).isEqualTo(Row.of(NUMBERS));
      assertThat(openers.get(0).isOpen()).isFalse();
    }
  }

  @Test
  void aChildThatCannotBeOpenedFailsTheStepAndIsOpenedAnewAfterASeek() throws IOException {
    List<Opener> openers = openers(2);
    openers.get(1).atOnce = false;
    try (KvIterator entries = ConcatIterator.lazy(openers)) {
      assertThat(entries.poll()).isEqualTo(KvIterator.ENTRY);
      openers.get(1).asked.getLast().completeExceptionally(new IOException("no such file"));
      for (int number = 1; number < NUMBERS; number++) {
        assertThat(entries.poll()).isEqualTo(KvIterator.ENTRY);
      }
      assertThatThrownBy(entries::poll)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("child 1")
          .hasRootCauseMessage("no such file");
      openers.get(1).atOnce = true;
      entries.seek(Row.memory("key_00012"));
      assertThat(entries.next()).isTrue();
      assertThat(Row.at(entries)).isEqualTo(Row.of(12));
    }
  }

  @Test
  void aSeekOpensOnlyWhereTheKeyCanBe() throws IOException {
    List<Opener> openers = openers(20);
    openers.forEach(opener -> opener.known = true);
    try (KvIterator entries = ConcatIterator.lazy(openers)) {
      entries.seek(Row.memory("key_00135"));
      assertThat(entries.next()).isTrue();
      assertThat(Row.at(entries)).isEqualTo(Row.of(135));
      entries.seekForPrevious(Row.memory("key_00072"));
      assertThat(entries.previous()).isTrue();
      assertThat(Row.at(entries)).isEqualTo(Row.of(72));
    }
    assertThat(IntStream.range(0, 20).filter(i -> !openers.get(i).asked.isEmpty()))
        .containsExactly(6, 7, 13, 14);
  }

  @Test
  void whatIsOpenedAfterTheCloseIsClosed() throws IOException {
    List<Opener> openers = openers(1);
    openers.get(0).atOnce = false;
    KvIterator entries = ConcatIterator.lazy(openers);
    assertThat(entries.poll()).isEqualTo(KvIterator.PENDING);
    var ready = entries.ready().toCompletableFuture();
    entries.close();
    assertThat(ready).isCompleted();
    openers.get(0).give();
    assertThat(openers.get(0).isOpen()).isFalse();
  }
}
