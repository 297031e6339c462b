package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Reads and flushes that are cancelled or interrupted, for pipes of every kind.
@ParameterizedClass
@EnumSource(PipeKind.class)
class EveryPipeCancelTest extends EveryPipeCase {
  EveryPipeCancelTest(PipeKind kind) {
    super(kind);
  }

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

  @Test
  void cancelBehindAReadThatCameIsForTheNext() throws IOException {
    pipe.send(3);
    CompletableFuture<AnyPipe.Read> came = pipe.readAsync();
    pipe.cancelRead();
    AnyPipe.Read read = came.join().expect(0, 3);
    assertThat(read.isCancelled()).isFalse();
    read.advance(3);
    assertThat(come().expect(3, 3).isCancelled()).isTrue();
    assertThat(pipe.tryRead()).isNull();
  }

  @Test
  void cancelsOfOneReadCountOnce() throws IOException {
    CompletableFuture<AnyPipe.Read> read = pipe.readAsync();
    pipe.cancelRead();
    pipe.send(1);
    assertThat(read.join().isCancelled()).isTrue();
    AnyPipe.Read next = come().expect(0, 1);
    assertThat(next.isCancelled()).isFalse();
    next.advance(1);
    assertThat(pipe.tryRead()).isNull();
  }

  @Test
  void everyReadMayBeCancelledAnew() throws IOException {
    for (int i = 0; i < 5; i++) {
      CompletableFuture<AnyPipe.Read> read = pipe.readAsync();
      assertThat(read).isNotDone();
      pipe.cancelRead();
      assertThat(read.join().isCancelled()).isTrue();
    }
    pipe.send(1);
    come().expect(0, 1);
  }

  @Test
  void cancelledReadMayExamineSoThatTheNextWaits() throws IOException {
    pipe.send(3);
    pipe.cancelRead();
    pipe.read().expect(0, 3).advance(1, 3);
    assertThat(pipe.tryRead()).isNull();
    pipe.send(1);
    come().expect(1, 4);
  }

  @Test
  void cancelledReadIsAdvancedOnce() throws IOException {
    pipe.send(3);
    pipe.cancelRead();
    AnyPipe.Read read = pipe.read();
    read.advance(1);
    assertThatThrownBy(() -> read.advance(2)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whoWaitsToBeCalledHearsOfACancelOnce() throws IOException {
    List<String> heard = new ArrayList<>();
    assertThat(pipe.tryRead(() -> heard.add("read"))).isNull();
    pipe.cancelRead();
    pipe.cancelRead();
    assertThat(heard).containsExactly("read");
    assertThat(come().isCancelled()).isTrue();
    pipe.put(PAUSE);
    assertThat(pipe.tryFlush(() -> heard.add("flush"))).isEqualTo(FlushResult.PENDING);
    pipe.cancelFlush();
    pipe.read().advance(PAUSE);
    assertThat(heard).containsExactly("read", "flush");
    assertThat(pipe.tryFlush()).isEqualTo(FlushResult.CANCELLED);
    assertThat(pipe.tryFlush()).isEqualTo(FlushResult.OPEN);
  }

  @Test
  void cancelFromTheContinuationOfACancelledRead() throws IOException {
    List<Boolean> seen = new ArrayList<>();
    CompletableFuture<Void> last =
        pipe.readAsync()
            .thenAccept(read -> {
              seen.add(read.isCancelled());
              pipe.cancelRead();
            });
    pipe.cancelRead();
    assertThat(last).isCompleted();
    assertThat(seen).containsExactly(true);
    assertThat(come().isCancelled()).isTrue();
    assertThat(pipe.tryRead()).isNull();
  }

  @Test
  void cancelledFlushIsPausedStillAndMayBeCancelledAnew() throws IOException {
    pipe.put(PAUSE);
    for (int i = 0; i < 3; i++) {
      CompletableFuture<FlushResult> flush = pipe.flushAsync();
      assertThat(flush).isNotDone();
      pipe.cancelFlush();
      pipe.cancelFlush();
      assertThat(flush).isCompletedWithValue(FlushResult.CANCELLED);
      assertThat(pipe.tryFlush()).as("the second").isEqualTo(FlushResult.CANCELLED);
    }
    CompletableFuture<FlushResult> flush = pipe.flushAsync();
    pipe.read().advance(PAUSE);
    assertThat(flush).isCompletedWithValue(FlushResult.OPEN);
  }

  @Test
  void cancelBeforeAFlushThatWouldWaitEndsItAtOnce() throws IOException {
    pipe.put(PAUSE);
    pipe.cancelFlush();
    assertThat(pipe.flush()).isEqualTo(FlushResult.CANCELLED);
    assertThat(pipe.tryFlush()).isEqualTo(FlushResult.PENDING);
    pipe.cancelFlush();
    assertThat(pipe.flushAsync()).isCompletedWithValue(FlushResult.CANCELLED);
    come().expect(0, PAUSE);
  }

  @Test
  void theReadersEndCountsBeforeACancel() throws IOException {
    pipe.cancelFlush();
    pipe.completeReader(null);
    assertThat(pipe.send(1)).isEqualTo(FlushResult.COMPLETED);
    pipe.cancelRead();
    pipe.cancelFlush();
    assertThat(pipe.flush()).isEqualTo(FlushResult.COMPLETED);
  }

  @Test
  void theWritersErrorCountsBeforeACancel() {
    IOException cause = new IOException("gone");
    pipe.cancelRead();
    pipe.completeWriter(cause);
    assertThatThrownBy(pipe::read).isSameAs(cause);
  }
}
