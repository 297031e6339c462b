package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Who is called when, and by whom, for pipes of every kind.
@ParameterizedClass
@EnumSource(PipeKind.class)
class EveryPipeCallbackTest extends EveryPipeCase {
  EveryPipeCallbackTest(PipeKind kind) {
    super(kind);
  }

  @Test
  void callbacksRunInOrderBeforeTheContinuationAndTheirFailuresAreGathered() {
    List<String> order = new ArrayList<>();
    IOException cause = new IOException();
    pipe.onWriterCompleted(error -> {
      order.add("first " + (error == cause));
      throw new IllegalStateException("one");
    });
    pipe.onWriterCompleted(error -> {
      order.add("second");
      throw new IllegalArgumentException("two");
    });
    CompletableFuture<AnyPipe.Read> last =
        pipe.readAsync().whenComplete((read, error) -> order.add("read"));
    assertThatThrownBy(() -> pipe.completeWriter(cause))
        .hasMessage("one")
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("two"));
    assertThat(order).containsExactly("first true", "second", "read");
    expectFailure(last, IOException.class);
    pipe.onWriterCompleted(error -> order.add("late"));
    assertThat(order).endsWith("late");
  }

  @Test
  void callbacksOfTheWriterRunInOrderBeforeItsFlush() {
    List<String> order = new ArrayList<>();
    pipe.onReaderCompleted(error -> order.add("first " + error));
    pipe.onReaderCompleted(error -> order.add("second"));
    pipe.put(PAUSE);
    CompletableFuture<Void> last =
        pipe.flushAsync().thenAccept(result -> order.add(result.toString()));
    pipe.completeReader(null);
    assertThat(last).isCompleted();
    assertThat(order).containsExactly("first null", "second", "COMPLETED");
  }

  @Test
  void stagesCompleteInTheirScheduler() throws IOException {
    Rig.Manual readers = new Rig.Manual();
    Rig.Manual writers = new Rig.Manual();
    try (AnyPipe own =
        open(PipeOptions.defaults().withReaderScheduler(readers).withWriterScheduler(writers))) {
      CompletableFuture<AnyPipe.Read> read = own.readAsync();
      own.send(3);
      assertThat(read).isNotDone();
      readers.runAll();
      read.join().expect(0, 3).advance(3);
      own.put(PAUSE);
      CompletableFuture<FlushResult> flush = own.flushAsync();
      own.read().advance(PAUSE + 3);
      assertThat(flush).isNotDone();
      writers.runAll();
      assertThat(flush).isCompletedWithValue(FlushResult.OPEN);
    }
  }

  @Test
  void nullCallbackIsRefused() throws IOException {
    assertThatThrownBy(() -> pipe.onWriterCompleted(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("callback");
    assertThatThrownBy(() -> pipe.onReaderCompleted(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("callback");
    assertThatThrownBy(() -> pipe.tryRead(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("then");
    assertThatThrownBy(() -> pipe.tryFlush(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("then");
    pipe.send(1);
    come().expect(0, 1);
  }

  @Test
  void callbackOfOneThatIsCompleteIsCalledByTheScheduler() {
    Rig.Manual readers = new Rig.Manual();
    Rig.Manual writers = new Rig.Manual();
    List<String> heard = new ArrayList<>();
    try (AnyPipe own =
        open(Rig.options().withReaderScheduler(readers).withWriterScheduler(writers))) {
      own.completeWriter(new IOException("left"));
      own.completeReader(null);
      own.onWriterCompleted(error -> heard.add(String.valueOf(error)));
      own.onReaderCompleted(error -> heard.add(String.valueOf(error)));
      assertThat(heard).isEmpty();
      readers.runAll();
      assertThat(heard).containsExactly("java.io.IOException: left");
      writers.runAll();
      assertThat(heard).endsWith("null");
    }
  }

  /// The scheduler comes to them when the pipe is in its next life.
  @Test
  void callbacksHearOfTheirOwnLife() {
    Rig.Manual readers = new Rig.Manual();
    List<String> heard = new ArrayList<>();
    try (AnyPipe own = open(Rig.options().withReaderScheduler(readers))) {
      own.onWriterCompleted(error -> heard.add("before " + error));
      own.completeWriter(new IOException("first"));
      own.onWriterCompleted(error -> heard.add("after " + error));
      own.completeReader(null);
      own.reset();
      own.completeWriter(new IOException("second"));
      readers.runAll();
      assertThat(heard)
          .containsExactly("before java.io.IOException: first", "after java.io.IOException: first");
    }
  }

  @Test
  void callbacksAreCalledOnce() {
    List<String> heard = new ArrayList<>();
    pipe.onWriterCompleted(error -> heard.add("writer"));
    pipe.onReaderCompleted(error -> heard.add("reader"));
    for (int i = 0; i < 2; i++) {
      pipe.completeWriter(null);
      pipe.closeWriter();
      pipe.completeReader(null);
      pipe.closeReader();
    }
    assertThat(heard).containsExactly("writer", "reader");
  }

  @Test
  void aSideMayBeCompletedFromTheOthersCallback() {
    List<String> heard = new ArrayList<>();
    pipe.onWriterCompleted(error -> {
      heard.add("writer");
      pipe.completeReader(error);
    });
    pipe.onReaderCompleted(error -> heard.add("reader " + error));
    CompletableFuture<AnyPipe.Read> read = pipe.readAsync();
    pipe.completeWriter(null);
    assertThat(heard).containsExactly("writer", "reader null");
    expectFailure(read, IllegalStateException.class);
    try (AnyPipe other = open(Rig.options())) {
      other.onReaderCompleted(other::completeWriter);
      other.put(PAUSE);
      CompletableFuture<FlushResult> flush = other.flushAsync();
      other.completeReader(null);
      expectFailure(flush, IllegalStateException.class);
    }
  }

  @Test
  void callbackMayRegisterAnotherAndReadWhatIsLeft() {
    List<String> heard = new ArrayList<>();
    pipe.put(3);
    pipe.onWriterCompleted(error -> {
      pipe.onWriterCompleted(again -> heard.add("inner"));
      try {
        come().expect(0, 3).advance(3);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      heard.add("outer");
    });
    pipe.completeWriter(null);
    assertThat(heard).containsExactly("inner", "outer");
  }

  @Test
  void whatOneCallbackThrowsIsThrownAsItIs() {
    IllegalStateException thrown = new IllegalStateException("one");
    pipe.onReaderCompleted(error -> {
      throw thrown;
    });
    assertThatThrownBy(() -> pipe.completeReader(null)).isSameAs(thrown);
    assertThat(thrown.getSuppressed()).isEmpty();
    pipe.onReaderCompleted(error -> assertThat(error).isNull());
  }

  @Test
  void whatCallbacksThrowGoesToTheScheduler() {
    Rig.Manual writers = new Rig.Manual();
    try (AnyPipe own = open(Rig.options().withWriterScheduler(writers))) {
      own.onReaderCompleted(error -> {
        throw new IllegalStateException("one");
      });
      own.completeReader(null);
      assertThatThrownBy(writers::runAll).hasMessage("one");
    }
  }

  @Test
  void closeOfAPipeWhoseCallbackThrowsClosesBothSides() throws IOException {
    AnyPipe own = open(Rig.options());
    own.send(300);
    own.onWriterCompleted(error -> {
      throw new IllegalStateException("planned");
    });
    assertThatThrownBy(own::close).hasMessage("planned");
    assertThat(held()).isZero();
    assertThatThrownBy(own::read).isInstanceOf(IllegalStateException.class);
    own.close();
  }

  /// It comes out of the call of the other side, in whose thread it ran, and spoils neither.
  @Test
  void whatAContinuationThrowsSpoilsNeitherSide() throws IOException {
    pipe.tryRead(() -> {
      throw new IllegalStateException("read");
    });
    assertThatThrownBy(() -> pipe.send(3)).hasMessage("read");
    come().expect(0, 3).advance(3);
    pipe.put(PAUSE);
    pipe.tryFlush(() -> {
      throw new IllegalStateException("flush");
    });
    AnyPipe.Read read = come();
    assertThatThrownBy(() -> read.advance(PAUSE + 3)).hasMessage("flush");
    assertThat(pipe.tryRead()).isNull();
    assertThat(pipe.send(1)).isEqualTo(FlushResult.OPEN);
    come().expect(PAUSE + 3, PAUSE + 4);
  }

  @Test
  void continuationsMayCallThePipeFromWithin() throws IOException {
    List<Long> seen = new ArrayList<>();
    readOn(seen);
    for (int i = 0; i < 5; i++) {
      pipe.send(i + 1);
    }
    pipe.completeWriter(null);
    assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L, 0L);
  }

  private void readOn(List<Long> seen) throws IOException {
    while (true) {
      AnyPipe.Read read = pipe.tryRead(() -> again(seen));
      if (read == null) {
        return;
      }
      seen.add(read.size());
      boolean last = read.isCompleted();
      read.advance(read.end());
      if (last) {
        return;
      }
    }
  }

  private void again(List<Long> seen) {
    try {
      readOn(seen);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theDefaultSchedulerIsNotTheOtherSidesThread() throws Exception {
    PipeOptions defaults = PipeOptions.defaults();
    try (AnyPipe own = open(defaults)) {
      Thread self = Thread.currentThread();
      CompletableFuture<Thread> heard = new CompletableFuture<>();
      own.tryRead(() -> heard.complete(Thread.currentThread()));
      own.send(1);
      assertThat(heard.get()).isNotSameAs(self);
      CompletableFuture<Thread> told = new CompletableFuture<>();
      own.onReaderCompleted(error -> told.complete(Thread.currentThread()));
      own.completeReader(null);
      assertThat(told.get()).isNotSameAs(self);
    }
  }

  @Test
  void whatIsThereAlreadyNeedsNoScheduler() throws IOException {
    Rig.Manual none = new Rig.Manual();
    try (AnyPipe own = open(Rig.options().withReaderScheduler(none).withWriterScheduler(none))) {
      own.send(1);
      assertThat(own.readAsync()).isCompleted();
      assertThat(own.flushAsync()).isCompletedWithValue(FlushResult.OPEN);
      assertThat(none.size()).isZero();
    }
  }

  @Test
  void whatASchedulerRejectsRunsAllTheSame() throws IOException {
    PipeOptions rejecting =
        Rig.options()
            .withReaderScheduler(task -> {
              throw new RejectedExecutionException();
            })
            .withWriterScheduler(task -> {
              throw new RejectedExecutionException();
            });
    try (AnyPipe own = open(rejecting)) {
      CompletableFuture<AnyPipe.Read> read = own.readAsync();
      own.send(3);
      read.join().expect(0, 3).advance(3);
      own.put(PAUSE);
      CompletableFuture<FlushResult> flush = own.flushAsync();
      own.read().advance(PAUSE + 3);
      assertThat(flush).isCompletedWithValue(FlushResult.OPEN);
    }
  }
}
