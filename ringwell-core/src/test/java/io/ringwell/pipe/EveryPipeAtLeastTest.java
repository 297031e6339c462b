package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Reads that want a length, of readers of every kind.
@ParameterizedClass
@EnumSource(PipeKind.class)
class EveryPipeAtLeastTest extends EveryPipeCase {
  EveryPipeAtLeastTest(PipeKind kind) {
    super(kind);
  }

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

  @Test
  void readOfAtLeastComesAtOnceWithAllThatIsThere() throws IOException {
    pipe.send(5);
    CompletableFuture<AnyPipe.Read> read = pipe.readAtLeastAsync(3);
    assertThat(read).isCompleted();
    read.join().expect(0, 5).advance(0);
    pipe.readAtLeast(5).expect(0, 5).advance(0);
    pipe.readAtLeast(0).expect(0, 5);
  }

  @Test
  void readOfAtLeastNothingWaitsForSomething() throws IOException {
    CompletableFuture<AnyPipe.Read> read = pipe.readAtLeastAsync(0);
    assertThat(read).isNotDone();
    pipe.send(1);
    read.join().expect(0, 1);
  }

  @Test
  void readOfAtLeastSpansSegments() throws IOException {
    CompletableFuture<AnyPipe.Read> read = pipe.readAtLeastAsync(CAP);
    for (int i = 0; i < CAP / 50; i++) {
      assertThat(read).isNotDone();
      pipe.send(50);
    }
    read.join().expect(0, CAP);
  }

  /// The writer fills the pipe to its cap in one flush: what is wanted is there, though no more
  /// fits.
  @Test
  void readOfAsMuchAsMayBeComesFromAFullPipe() throws Exception {
    Parked<AnyPipe.Read> read = Parked.of(() -> pipe.readAtLeast(CAP));
    pipe.send(CAP);
    AnyPipe.Read all = read.end().expect(0, CAP);
    assertThat(all.isFull()).isFalse();
    all.advance(CAP);
  }

  @Test
  void readOfAtLeastComesWithLessWhereNoMoreFits() throws IOException {
    pipe.send(10);
    pipe.read().advance(4, 10);
    CompletableFuture<AnyPipe.Read> read = pipe.readAtLeastAsync(CAP);
    pipe.put(CAP - 6);
    pipe.tryFlush();
    read.join().expect(4, CAP + 4).advance(5);
    CompletableFuture<AnyPipe.Read> next = pipe.readAtLeastAsync(CAP);
    assertThat(next).isNotDone();
    assertThat(pipe.put(1)).isTrue();
    pipe.tryFlush();
    next.join().expect(5, CAP + 5);
  }

  @Test
  void readOfAtLeastFailsWithTheWriter() throws IOException {
    pipe.send(3);
    CompletableFuture<AnyPipe.Read> read = pipe.readAtLeastAsync(5);
    pipe.completeWriter(new IOException("broken off"));
    expectFailure(read, IOException.class);
  }

  @Test
  void readOfAtLeastEndsWhenItsReaderIsCompleted() {
    CompletableFuture<AnyPipe.Read> read = pipe.readAtLeastAsync(5);
    pipe.completeReader(null);
    expectFailure(read, IllegalStateException.class);
  }

  @Test
  void cancelEndsAParkedReadOfAtLeastAndTheNextOneWaitsAgain() throws Exception {
    pipe.send(3);
    Parked<AnyPipe.Read> read = Parked.of(() -> pipe.readAtLeast(5));
    pipe.cancelRead();
    assertThat(read.end().expect(0, 3).isCancelled()).isTrue();
    Parked<AnyPipe.Read> next = Parked.of(() -> pipe.readAtLeast(5));
    pipe.send(2);
    assertThat(next.end().expect(0, 5).isCancelled()).isFalse();
  }

  @Test
  void readThatFollowsOneOfAtLeastWantsNoMore() throws IOException {
    pipe.send(5);
    pipe.readAtLeast(5).advance(0);
    come().expect(0, 5).advance(5);
    CompletableFuture<AnyPipe.Read> read = pipe.readAsync();
    pipe.send(1);
    read.join().expect(5, 6);
  }

  @Test
  void negativeOrHugeLengthIsRefusedWithTheRemedyAndLeavesTheReaderFree() throws IOException {
    for (long much : new long[] {-1, Long.MIN_VALUE, CAP + 1, Long.MAX_VALUE / 2, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> pipe.readAtLeast(much))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("withMaxBuffered");
      expectFailure(pipe.readAtLeastAsync(much), IllegalArgumentException.class);
    }
    pipe.send(1);
    come().expect(0, 1);
  }
}
