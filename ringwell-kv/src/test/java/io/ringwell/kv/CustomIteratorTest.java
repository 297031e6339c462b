package io.ringwell.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CustomIteratorTest {
  /// Answers what it is told to.
  private static final class Told extends CustomIterator {
    int answer = END;
    int asked;
    @Nullable Bytes block;
    CompletableFuture<Void> ready = new CompletableFuture<>();
    boolean saysWhen = true;

    @Override
    protected int step() {
      asked++;
      Bytes from = block;
      if (from != null) {
        entry(from, 2, 3, from, 5, 4);
      }
      return answer;
    }

    @Override
    protected int stepBack() {
      return step();
    }

    @Override
    protected void toStart() {}

    @Override
    protected void toEnd() {}

    @Override
    protected void toKey(MemorySegment key, int length) {}

    @Override
    protected void behindKey(MemorySegment key, int length) {}

    @Override
    protected CompletionStage<Void> whenReady() {
      return saysWhen ? ready : super.whenReady();
    }

    @Override
    protected void release() {
      ready.complete(null);
    }
  }

  @Test
  void theEndIsAskedForOnce() throws IOException {
    try (Told told = new Told()) {
      assertThat(told.poll()).isEqualTo(KvIterator.END);
      assertThat(told.poll()).isEqualTo(KvIterator.END);
      assertThat(told.asked).isEqualTo(1);
      assertThat(told.pollPrevious()).isEqualTo(KvIterator.END);
      assertThat(told.asked).isEqualTo(2);
      told.rewind();
      assertThat(told.poll()).isEqualTo(KvIterator.END);
      assertThat(told.asked).isEqualTo(3);
    }
  }

  @Test
  void anEntryThatWasNotToldIsNone() {
    try (Told told = new Told()) {
      told.answer = KvIterator.ENTRY;
      assertThatThrownBy(told::poll)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("answers ENTRY without an entry");
      told.rewind();
      told.answer = 77;
      assertThatThrownBy(told::poll).hasMessageContaining("answers 77");
      assertThatThrownBy(told::poll).hasMessageContaining("has failed; seek or rewind");
    }
  }

  @Test
  void whoIsPendingSaysWhenToGoOn() throws IOException {
    try (Told told = new Told()) {
      assertThat(told.ready().toCompletableFuture()).isDone();
      told.answer = KvIterator.PENDING;
      assertThat(told.poll()).isEqualTo(KvIterator.PENDING);
      assertThat(told.ready().toCompletableFuture()).isNotDone();
      told.saysWhen = false;
      assertThatThrownBy(told::ready)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("does not say when");
    }
  }

  @Test
  void whatIsRetainedSharesTheBlock() throws IOException {
    Bytes block = Bytes.copyOf("..keyval.".getBytes(StandardCharsets.ISO_8859_1));
    Retained kept;
    try (Told told = new Told();
        KvIterator entries =
            KvViews.map(
                MergeIterator.of(List.of(ConcatIterator.of(told))),
                (at, result) -> result.value(at.valueSegment(), at.valueOffset(), 3))) {
      told.block = block;
      told.answer = KvIterator.ENTRY;
      assertThat(entries.next()).isTrue();
      kept = entries.retain();
      assertThat(kept.key().address()).isEqualTo(block.address() + 2);
      assertThat(kept.value().address()).isEqualTo(block.address() + 5);
    }
    block.close();
    try (kept) {
      assertThat(kept.key().toArray()).asString().isEqualTo("key");
      assertThat(kept.value().toArray()).asString().isEqualTo("val");
    }
  }

  @Test
  void anEntryOutsideItsMemoryIsRefused() {
    try (Bytes block = Bytes.copyOf(new byte[6]);
        Told told = new Told()) {
      told.block = block;
      told.answer = KvIterator.ENTRY;
      assertThatThrownBy(told::poll).isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(told.isValid()).isFalse();
    }
  }

  @Test
  void aWaitEndsWhenAnotherThreadCloses() throws Exception {
    Told told = new Told();
    told.answer = KvIterator.PENDING;
    KvIterator entries =
        KvViews.filter(MergeIterator.of(List.of(ConcatIterator.of(told))), at -> true);
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Thread waiter =
        Thread.ofVirtual()
            .start(() -> {
              try {
                end.complete(new AssertionError("there was an entry: " + entries.next()));
              } catch (Throwable e) {
                end.complete(e);
              }
            });
    while (waiter.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    entries.close();
    assertThat(end.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    entries.close();
    assertThatThrownBy(entries::keyLength).hasMessageContaining("closed");
    assertThatThrownBy(entries::rewind).hasMessageContaining("closed");
    assertThat(entries.ready().toCompletableFuture()).isDone();
  }

  @Test
  void anInterruptedWaitLeavesTheStepPending() throws IOException {
    try (Told told = new Told()) {
      told.answer = KvIterator.PENDING;
      Thread.currentThread().interrupt();
      assertThatThrownBy(told::next).isInstanceOf(java.io.InterruptedIOException.class);
      assertThat(Thread.interrupted()).isFalse();
      told.answer = KvIterator.END;
      assertThat(told.next()).isFalse();
    }
  }

  @Test
  void aChildGivenTwiceIsRefused() {
    try (TestIterator child = new TestIterator(0, 1)) {
      assertThatThrownBy(() -> MergeIterator.of(List.of(child, child)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> ConcatIterator.of(child, child))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
