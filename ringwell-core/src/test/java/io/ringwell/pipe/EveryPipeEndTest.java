package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Ends and errors of either side, for pipes of every kind.
@ParameterizedClass
@EnumSource(PipeKind.class)
class EveryPipeEndTest extends EveryPipeCase {
  EveryPipeEndTest(PipeKind kind) {
    super(kind);
  }

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

  @Test
  void nullErrorIsNone() throws IOException {
    pipe.send(1);
    pipe.completeWriter(null);
    pipe.completeWriter(new IOException("too late"));
    assertThat(pipe.read().expect(0, 1).isCompleted()).isTrue();
    pipe.completeReader(null);
    pipe.completeReader(new IOException("too late"));
    expectNoRead();
  }

  @Test
  void errorsOfEveryTypeAreThrownAsTheyAre() {
    Error cause = new AssertionError("planned");
    pipe.completeWriter(cause);
    assertThatThrownBy(pipe::read).isSameAs(cause);
    assertThatThrownBy(() -> pipe.readAtLeast(1)).isSameAs(cause);
    assertThatThrownBy(() -> pipe.tryRead(() -> {})).isSameAs(cause);
    expectFailure(pipe.readAtLeastAsync(1), AssertionError.class);
  }

  @Test
  void completionEndsAParkedRead() throws Exception {
    Parked<AnyPipe.Read> read = Parked.of(pipe::read);
    pipe.put(2);
    pipe.completeWriter(null);
    assertThat(read.end().expect(0, 2).isCompleted()).isTrue();
  }

  @Test
  void whoWaitsToBeCalledHearsOfTheEnd() throws IOException {
    List<String> heard = new ArrayList<>();
    pipe.put(PAUSE);
    pipe.tryFlush(() -> heard.add("flush"));
    pipe.completeReader(null);
    assertThat(heard).containsExactly("flush");
    assertThat(pipe.tryFlush()).isEqualTo(FlushResult.COMPLETED);
    try (AnyPipe other = open(Rig.options())) {
      other.tryRead(() -> heard.add("read"));
      other.completeWriter(null);
      assertThat(heard).containsExactly("flush", "read");
    }
  }

  @Test
  void aSideMayBeCompletedWhileItWaits() throws Exception {
    Parked<AnyPipe.Read> read = Parked.of(pipe::read);
    pipe.completeReader(null);
    assertThatThrownBy(read::end)
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("complete");
    try (AnyPipe other = open(Rig.options())) {
      other.put(PAUSE);
      Parked<FlushResult> flush = Parked.of(other::flush);
      other.completeWriter(null);
      assertThatThrownBy(flush::end)
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("complete");
      assertThat(other.read().expect(0, PAUSE).isCompleted()).isTrue();
    }
  }

  @Test
  void completionOfBothSidesInEitherOrderGivesEverythingBack() throws IOException {
    for (boolean writerFirst : new boolean[] {false, true}) {
      for (boolean flushed : new boolean[] {false, true}) {
        AnyPipe other = open(Rig.options());
        other.put(300);
        if (flushed) {
          other.tryFlush();
          other.read();
        }
        if (writerFirst) {
          other.completeWriter(null);
        }
        other.completeReader(null);
        other.completeWriter(null);
        assertThat(held()).as("writer first: %s", writerFirst).isZero();
        other.close();
      }
    }
  }

  @Test
  void errorsSayWhatIsCompleteAndWhatToDo() throws IOException {
    pipe.send(1);
    AnyPipe.Read read = pipe.read();
    assertThatThrownBy(pipe::read).hasMessageContaining("call its advance");
    pipe.completeReader(null);
    assertThatThrownBy(() -> read.advance(1))
        .hasMessageContaining("reader of the pipe is complete");
    assertThatThrownBy(pipe::read).hasMessageContaining("reader of the pipe is complete");
    pipe.completeWriter(null);
    assertThatThrownBy(pipe::flush).hasMessageContaining("writer of the pipe is complete");
  }
}
