package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What reading, writing, waiting and ending mean, for pipes of every kind.
@ParameterizedClass
@EnumSource(PipeKind.class)
class EveryPipeTest {
  private static final long PAUSE = 100;
  private static final long RESUME = 50;
  private static final long CAP = 1000;

  private final PipeKind kind;
  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(4 << 20));
  private final AnyPipe pipe;

  EveryPipeTest(PipeKind kind) {
    this.kind = kind;
    this.pipe = open(Rig.options());
  }

  private AnyPipe open(PipeOptions options) {
    return kind.open(pool, options, PAUSE, RESUME, CAP);
  }

  @AfterEach
  void everythingIsGivenBack() {
    pipe.close();
    assertThat(pool.stats().inUseBytes()).isZero();
    pool.close();
  }

  private AnyPipe.Read come() throws IOException {
    return Objects.requireNonNull(pipe.tryRead());
  }

  // ---- Reading and advancing -------------------------------------------------------------------

  @Test
  void readHasWhatWasFlushed() throws IOException {
    assertThat(pipe.send(5)).isEqualTo(FlushResult.OPEN);
    AnyPipe.Read read = pipe.read().expect(0, 5);
    assertThat(read.isCompleted() || read.isCancelled() || read.isFull()).isFalse();
    read.advance(5);
    assertThat(pipe.consumed()).isEqualTo(5);
    assertThat(pipe.committed()).isEqualTo(5);
  }

  @Test
  void readSpansSegments() throws IOException {
    for (int i = 0; i < 9; i++) {
      pipe.send(101);
      pipe.read().expect(0, (i + 1) * 101L).advance(0, CAP);
    }
    pipe.cancelRead();
    pipe.read().expect(0, 909).advance(500);
    pipe.cancelRead();
    pipe.read().expect(500, 909).advance(909);
  }

  @Test
  void whatIsNotFlushedIsNotSeen() throws IOException {
    pipe.put(3);
    assertThat(pipe.tryRead()).isNull();
    pipe.tryFlush();
    come().expect(0, 3);
  }

  @Test
  void emptyFlushDoesNotWakeTheReader() throws IOException {
    CompletableFuture<AnyPipe.Read> read = pipe.readAsync();
    pipe.tryFlush();
    assertThat(pipe.flushAsync()).isCompletedWithValue(FlushResult.OPEN);
    assertThat(read).isNotDone();
    pipe.send(1);
    read.join().expect(0, 1);
  }

  @Test
  void whatWasNotConsumedComesAgain() throws IOException {
    pipe.send(5);
    pipe.read().advance(2);
    come().expect(2, 5);
  }

  @Test
  void whatWasExaminedComesWithMore() throws IOException {
    pipe.send(5);
    pipe.read().advance(1, 5);
    assertThat(pipe.tryRead()).isNull();
    CompletableFuture<AnyPipe.Read> next = pipe.readAsync();
    assertThat(next).isNotDone();
    pipe.send(1);
    next.join().expect(1, 6);
  }

  @Test
  void offsetsBeyondTheEndMeanTheEnd() throws IOException {
    pipe.send(5);
    pipe.read().advance(0, Long.MAX_VALUE >> 4);
    assertThat(pipe.tryRead()).isNull();
    pipe.send(1);
    pipe.read().advance(Long.MAX_VALUE >> 4);
    assertThat(pipe.consumed()).isEqualTo(6);
  }

  @Test
  void nothingBecomesUnexamined() throws IOException {
    pipe.send(5);
    pipe.read().advance(0, 5);
    pipe.cancelRead();
    pipe.read().advance(0, 2);
    assertThat(pipe.tryRead()).isNull();
  }

  @Test
  void examinedBeforeConsumedIsRefusedAndTheReadGoesOn() throws IOException {
    pipe.send(5);
    AnyPipe.Read read = pipe.read();
    assertThatThrownBy(() -> read.advance(3, 2)).isInstanceOf(IllegalArgumentException.class);
    read.expect(0, 5).advance(5);
  }

  @Test
  void staleOffsetIsRefused() throws IOException {
    pipe.send(5);
    pipe.read().advance(3);
    AnyPipe.Read read = pipe.read();
    assertThatThrownBy(() -> read.advance(2)).isInstanceOf(IllegalArgumentException.class);
    read.expect(3, 5);
  }

  @Test
  void advanceWithoutReadIsRefused() throws IOException {
    pipe.send(5);
    AnyPipe.Read read = pipe.read();
    read.advance(1);
    assertThatThrownBy(() -> read.advance(2)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void readBeforeAdvanceIsRefused() throws IOException {
    pipe.send(5);
    AnyPipe.Read read = pipe.read();
    expectNoRead();
    read.expect(0, 5).advance(5);
  }

  @Test
  void readDuringAReadIsRefusedAndTheFirstGoesOn() throws IOException {
    CompletableFuture<AnyPipe.Read> first = pipe.readAsync();
    expectNoRead();
    pipe.send(1);
    first.join().expect(0, 1);
  }

  @Test
  void readDuringAParkedReadIsRefusedAndThatGoesOn() throws Exception {
    Parked<AnyPipe.Read> first = Parked.of(pipe::read);
    expectNoRead();
    pipe.send(1);
    first.end().expect(0, 1);
  }

  private void expectNoRead() {
    assertThatThrownBy(pipe::read).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(pipe::tryRead).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pipe.readAtLeast(1)).isInstanceOf(IllegalStateException.class);
    expectFailure(pipe.readAsync(), IllegalStateException.class);
    expectFailure(pipe.readAtLeastAsync(1), IllegalStateException.class);
  }

  private static void expectFailure(CompletableFuture<?> stage, Class<? extends Throwable> type) {
    assertThat(stage).isCompletedExceptionally();
    assertThatThrownBy(stage::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(type);
  }

  // ---- At least --------------------------------------------------------------------------------

  @Test
  void readOfAtLeastWaitsForAllOfIt() throws IOException {
    pipe.send(3);
    CompletableFuture<AnyPipe.Read> read = pipe.readAtLeastAsync(5);
    pipe.send(1);
    assertThat(read).isNotDone();
    pipe.send(2);
    read.join().expect(0, 6).advance(4);
    pipe.readAtLeast(2).expect(4, 6);
  }

  @Test
  void readOfAtLeastCountsWhatWasExamined() throws IOException {
    pipe.send(5);
    pipe.read().advance(0, 5);
    CompletableFuture<AnyPipe.Read> read = pipe.readAtLeastAsync(3);
    assertThat(read).as("nothing is new").isNotDone();
    pipe.send(1);
    read.join().expect(0, 6);
  }

  @Test
  void readOfAtLeastResumesThePausedWriter() throws IOException {
    assertThat(pipe.send(PAUSE)).isEqualTo(FlushResult.PENDING);
    CompletableFuture<FlushResult> flush = pipe.flushAsync();
    assertThat(flush).isNotDone();
    CompletableFuture<AnyPipe.Read> read = pipe.readAtLeastAsync(3 * PAUSE);
    assertThat(flush).isCompletedWithValue(FlushResult.OPEN);
    assertThat(pipe.send(PAUSE)).isEqualTo(FlushResult.OPEN);
    assertThat(read).isNotDone();
    pipe.send(PAUSE);
    read.join().expect(0, 3 * PAUSE);
  }

  @Test
  void readOfAtLeastComesWithLessAtTheEndOrACancel() throws IOException {
    pipe.send(3);
    CompletableFuture<AnyPipe.Read> read = pipe.readAtLeastAsync(5);
    pipe.cancelRead();
    assertThat(read.join().expect(0, 3).isCancelled()).isTrue();
    CompletableFuture<AnyPipe.Read> next = pipe.readAtLeastAsync(5);
    assertThat(next).isNotDone();
    pipe.completeWriter(null);
    assertThat(next.join().expect(0, 3).isCompleted()).isTrue();
  }

  @Test
  void readOfMoreThanTheCapIsRefused() {
    assertThatThrownBy(() -> pipe.readAtLeast(CAP + 1))
        .isInstanceOf(IllegalArgumentException.class);
    expectFailure(pipe.readAtLeastAsync(CAP + 1), IllegalArgumentException.class);
  }

  @Test
  void parkedReadOfAtLeastWaitsForAllOfIt() throws Exception {
    Parked<AnyPipe.Read> read = Parked.of(() -> pipe.readAtLeast(4));
    pipe.send(3);
    pipe.send(1);
    read.end().expect(0, 4);
  }

  // ---- Back-pressure ---------------------------------------------------------------------------

  @Test
  void flushWaitsAtThePauseAndUntilBelowTheResume() throws IOException {
    assertThat(pipe.send(PAUSE - 1)).isEqualTo(FlushResult.OPEN);
    assertThat(pipe.send(1)).isEqualTo(FlushResult.PENDING);
    CompletableFuture<FlushResult> flush = pipe.flushAsync();
    pipe.read().advance(0, PAUSE - RESUME);
    assertThat(flush).as("what is left is not below the resume").isNotDone();
    pipe.read().advance(0, PAUSE - RESUME + 1);
    assertThat(flush).isCompletedWithValue(FlushResult.OPEN);
  }

  @Test
  void parkedFlushComesWhenTheReaderHasExamined() throws Exception {
    pipe.put(PAUSE);
    Parked<FlushResult> flush = Parked.of(pipe::flush);
    pipe.read().advance(0, PAUSE);
    assertThat(flush.end()).isEqualTo(FlushResult.OPEN);
  }

  @Test
  void withoutThresholdsNothingWaitsBelowTheCap() throws IOException {
    try (AnyPipe unlimited = kind.open(pool, Rig.options(), 0, 0, CAP)) {
      assertThat(unlimited.send(CAP - 1)).isEqualTo(FlushResult.OPEN);
    }
  }

  @Test
  void capIsNeverExceededAndTheReaderLearnsOfIt() throws IOException {
    pipe.send(CAP);
    assertThat(pipe.put(1)).isFalse();
    assertThat(pipe.committed()).isEqualTo(CAP);
    pipe.read().expect(0, CAP).advance(0, CAP);
    assertThat(pipe.put(1)).isFalse();
    AnyPipe.Read full = come();
    assertThat(full.isFull()).isTrue();
    full.advance(10, CAP);
    assertThat(pipe.put(10)).as("room that was made").isTrue();
    assertThat(pipe.put(1)).isFalse();
  }

  // ---- Cancelling ------------------------------------------------------------------------------

  @Test
  void cancelEndsAReadThatWaitsOnceAndNoAdvanceIsDue() throws IOException {
    CompletableFuture<AnyPipe.Read> read = pipe.readAsync();
    pipe.cancelRead();
    assertThat(read.join().expect(0, 0).isCancelled()).isTrue();
    assertThat(pipe.tryRead()).isNull();
    pipe.send(2);
    assertThat(pipe.read().expect(0, 2).isCancelled()).isFalse();
  }

  @Test
  void cancelBeforeAReadStaysUntilItAndLosesNothing() throws IOException {
    pipe.cancelRead();
    pipe.cancelRead();
    pipe.send(3);
    assertThat(come().expect(0, 3).isCancelled()).isTrue();
    AnyPipe.Read again = come().expect(0, 3);
    assertThat(again.isCancelled()).isFalse();
    again.advance(3);
  }

  @Test
  void cancelledReadMayBeAdvanced() throws IOException {
    pipe.send(3);
    pipe.cancelRead();
    pipe.read().advance(1);
    come().expect(1, 3);
  }

  @Test
  void cancelEndsAParkedRead() throws Exception {
    Parked<AnyPipe.Read> read = Parked.of(pipe::read);
    pipe.cancelRead();
    assertThat(read.end().isCancelled()).isTrue();
  }

  @Test
  void cancelEndsAFlushThatWaitsOnceAndLosesNothing() throws IOException {
    pipe.put(PAUSE);
    CompletableFuture<FlushResult> flush = pipe.flushAsync();
    pipe.cancelFlush();
    assertThat(flush).isCompletedWithValue(FlushResult.CANCELLED);
    assertThat(pipe.tryFlush()).isEqualTo(FlushResult.PENDING);
    pipe.read().expect(0, PAUSE);
  }

  @Test
  void cancelBeforeAFlushStaysUntilItAndDataGoThrough() throws IOException {
    pipe.cancelFlush();
    assertThat(pipe.send(3)).isEqualTo(FlushResult.CANCELLED);
    come().expect(0, 3);
    assertThat(pipe.tryFlush()).isEqualTo(FlushResult.OPEN);
  }

  @Test
  void cancelEndsAParkedFlush() throws Exception {
    pipe.put(PAUSE);
    Parked<FlushResult> flush = Parked.of(pipe::flush);
    pipe.cancelFlush();
    assertThat(flush.end()).isEqualTo(FlushResult.CANCELLED);
  }

  @Test
  void interruptEndsAWaitAndLosesNothing() throws Exception {
    pipe.send(1);
    pipe.read().advance(0, 1);
    Parked<AnyPipe.Read> read = Parked.of(pipe::read);
    read.thread().interrupt();
    assertThatThrownBy(read::end).hasCauseInstanceOf(InterruptedIOException.class);
    pipe.put(PAUSE);
    Parked<FlushResult> flush = Parked.of(pipe::flush);
    flush.thread().interrupt();
    assertThatThrownBy(flush::end).hasCauseInstanceOf(InterruptedIOException.class);
    pipe.read().expect(0, PAUSE + 1);
  }

  // ---- Completing ------------------------------------------------------------------------------

  @Test
  void completionShowsWhatWasCommittedAndStillHasData() throws IOException {
    pipe.put(3);
    pipe.completeWriter(null);
    AnyPipe.Read read = come().expect(0, 3);
    assertThat(read.isCompleted()).isTrue();
    read.advance(1, 3);
    AnyPipe.Read rest = come().expect(1, 3);
    assertThat(rest.isCompleted()).isTrue();
    rest.advance(3);
    assertThat(pool.stats().inUseBytes()).as("freed before the reader is complete").isZero();
    assertThat(come().expect(3, 3).isCompleted()).isTrue();
  }

  @Test
  void completionEndsAReadThatWaits() {
    CompletableFuture<AnyPipe.Read> read = pipe.readAsync();
    pipe.completeWriter(null);
    assertThat(read.join().isCompleted()).isTrue();
  }

  @Test
  void readMayBeCancelledAndCompletedAtOnce() throws IOException {
    pipe.put(1);
    pipe.cancelRead();
    pipe.completeWriter(null);
    AnyPipe.Read read = pipe.read().expect(0, 1);
    assertThat(read.isCancelled() && read.isCompleted()).isTrue();
  }

  @Test
  void firstErrorOfTheWriterIsThrownEachTime() throws IOException {
    pipe.send(3);
    IOException cause = new IOException("disk on fire");
    pipe.completeWriter(cause);
    pipe.completeWriter(new IOException("too late"));
    pipe.completeWriter(null);
    assertThatThrownBy(pipe::read).isSameAs(cause);
    assertThatThrownBy(pipe::tryRead).isSameAs(cause);
    assertThatThrownBy(() -> pipe.readAtLeast(1)).isSameAs(cause);
    expectFailure(pipe.readAsync(), IOException.class);
    assertThatThrownBy(pipe::read).isSameAs(cause);
  }

  @Test
  void firstErrorOfTheReaderIsThrownEachTime() {
    IllegalArgumentException cause = new IllegalArgumentException("no number");
    pipe.completeReader(cause);
    pipe.completeReader(null);
    assertThatThrownBy(pipe::flush).isSameAs(cause);
    assertThatThrownBy(pipe::tryFlush).isSameAs(cause);
    expectFailure(pipe.flushAsync(), IllegalArgumentException.class);
    assertThatThrownBy(pipe::flush).isSameAs(cause);
  }

  @Test
  void checkedErrorIsTheCause() {
    Exception cause = new Exception("checked");
    pipe.completeWriter(cause);
    assertThatThrownBy(pipe::read).isInstanceOf(IOException.class).hasCause(cause);
  }

  @Test
  void flushSaysThatTheReaderIsComplete() throws IOException {
    pipe.send(3);
    pipe.completeReader(null);
    assertThat(pool.stats().inUseBytes()).isZero();
    assertThat(pipe.send(3)).isEqualTo(FlushResult.COMPLETED);
    assertThat(pipe.flush()).isEqualTo(FlushResult.COMPLETED);
    assertThat(pool.stats().inUseBytes()).as("what nobody reads is let go").isZero();
  }

  @Test
  void flushThatWaitsEndsWhenTheReaderCompletes() {
    pipe.put(PAUSE);
    CompletableFuture<FlushResult> flush = pipe.flushAsync();
    pipe.completeReader(null);
    assertThat(flush).isCompletedWithValue(FlushResult.COMPLETED);
  }

  @Test
  void nothingMayBeDoneAfterCompletion() throws IOException {
    pipe.send(1);
    AnyPipe.Read read = pipe.read();
    pipe.completeReader(null);
    assertThatThrownBy(() -> read.advance(1)).isInstanceOf(IllegalStateException.class);
    expectNoRead();
    pipe.completeWriter(null);
    assertThatThrownBy(() -> pipe.put(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(pipe::flush).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(pipe::tryFlush).isInstanceOf(IllegalStateException.class);
    expectFailure(pipe.flushAsync(), IllegalStateException.class);
  }

  @Test
  void closeOfTheWriterWithoutCompletionIsAnError() throws IOException {
    pipe.send(1);
    pipe.closeWriter();
    assertThatThrownBy(pipe::read)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("before it was complete");
  }

  // ---- Callbacks and schedulers ----------------------------------------------------------------

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

  // ---- Reset -----------------------------------------------------------------------------------

  @Test
  void resetWantsBothSidesComplete() {
    assertThatThrownBy(pipe::reset).isInstanceOf(IllegalStateException.class);
    pipe.completeReader(null);
    assertThatThrownBy(pipe::reset).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void resetPipeIsAsNew() throws IOException {
    for (int round = 0; round < 3; round++) {
      pipe.send(70);
      pipe.cancelRead();
      pipe.cancelFlush();
      if (round == 1) {
        pipe.read().advance(5);
      }
      pipe.completeWriter(new IOException("old"));
      pipe.completeReader(new IOException("old"));
      pipe.reset();
      assertThat(pipe.tryRead()).isNull();
      assertThat(pipe.send(3)).isEqualTo(FlushResult.OPEN);
      pipe.read().expect(0, 3).advance(3);
    }
  }
}
