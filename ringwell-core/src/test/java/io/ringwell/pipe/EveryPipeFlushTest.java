package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Flushes, back-pressure and the hard cap, for pipes of every kind.
@ParameterizedClass
@EnumSource(PipeKind.class)
class EveryPipeFlushTest extends EveryPipeCase {
  EveryPipeFlushTest(PipeKind kind) {
    super(kind);
  }

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

  @Test
  void consumingResumesAsExaminingDoes() throws IOException {
    assertThat(pipe.send(PAUSE)).isEqualTo(FlushResult.PENDING);
    CompletableFuture<FlushResult> flush = pipe.flushAsync();
    pipe.read().advance(PAUSE - RESUME);
    assertThat(flush).isNotDone();
    pipe.read().advance(PAUSE - RESUME + 1);
    assertThat(flush).isCompletedWithValue(FlushResult.OPEN);
    assertThat(pipe.send(RESUME)).as("99 are left").isEqualTo(FlushResult.OPEN);
    assertThat(pipe.send(1)).isEqualTo(FlushResult.PENDING);
  }

  @Test
  void whoIsPausedStaysSoThoughItAsksAgain() throws IOException {
    assertThat(pipe.send(PAUSE)).isEqualTo(FlushResult.PENDING);
    assertThat(pipe.tryFlush()).isEqualTo(FlushResult.PENDING);
    pipe.read().advance(10);
    assertThat(pipe.tryFlush())
        .as("below the pause, above the resume")
        .isEqualTo(FlushResult.PENDING);
    pipe.read().advance(PAUSE);
    assertThat(pipe.tryFlush()).isEqualTo(FlushResult.OPEN);
  }

  @Test
  void resumeThatEqualsThePauseWaitsForOneLess() throws IOException {
    try (AnyPipe tight = kind.open(pool, Rig.options(), PAUSE, PAUSE, CAP)) {
      assertThat(tight.send(PAUSE)).isEqualTo(FlushResult.PENDING);
      CompletableFuture<FlushResult> flush = tight.flushAsync();
      tight.read().advance(1);
      // Thresholds count bytes: one element less is less.
      assertThat(flush).isCompletedWithValue(FlushResult.OPEN);
      assertThat(tight.send(1)).isEqualTo(FlushResult.PENDING);
    }
  }

  @Test
  void whatIsNotFlushedCountsForTheCapAndNotForThePause() throws IOException {
    assertThat(pipe.put(CAP)).isTrue();
    assertThat(pipe.put(1)).isFalse();
    assertThat(pipe.tryRead()).isNull();
    assertThat(pipe.tryFlush()).isEqualTo(FlushResult.PENDING);
    come().expect(0, CAP);
  }

  @Test
  void everyFlushShowsWhatCameSinceTheLast() throws IOException {
    for (int i = 0; i < 5; i++) {
      pipe.put(i);
      assertThat(pipe.flush()).isEqualTo(FlushResult.OPEN);
      assertThat(pipe.flushAsync()).isCompletedWithValue(FlushResult.OPEN);
    }
    come().expect(0, 10);
  }

  @Test
  void whoIsPausedIsCalledOnceItMayGoOn() throws IOException {
    List<String> heard = new ArrayList<>();
    pipe.put(PAUSE);
    assertThat(pipe.tryFlush(() -> heard.add("called"))).isEqualTo(FlushResult.PENDING);
    expectNoWrite("in progress");
    pipe.read().advance(PAUSE - RESUME);
    assertThat(heard).isEmpty();
    pipe.read().advance(PAUSE);
    assertThat(heard).containsExactly("called");
    assertThat(pipe.tryFlush(() -> heard.add("again"))).isEqualTo(FlushResult.OPEN);
    assertThat(heard).hasSize(1);
  }

  private void expectNoWrite(String why) {
    assertThatThrownBy(() -> pipe.put(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(why);
    assertThatThrownBy(pipe::flush).hasMessageContaining(why);
    assertThatThrownBy(pipe::tryFlush).hasMessageContaining(why);
    assertThatThrownBy(() -> pipe.tryFlush(() -> {})).hasMessageContaining(why);
    expectFailure(pipe.flushAsync(), IllegalStateException.class);
  }

  @Test
  void callDuringAFlushIsRefusedAndTheFlushGoesOn() throws IOException {
    pipe.put(PAUSE);
    CompletableFuture<FlushResult> flush = pipe.flushAsync();
    expectNoWrite("in progress");
    pipe.read().advance(PAUSE);
    assertThat(flush).isCompletedWithValue(FlushResult.OPEN);
    pipe.send(1);
    come().expect(PAUSE, PAUSE + 1);
  }

  @Test
  void flushThatWaitsFailsWithTheReader() {
    pipe.put(PAUSE);
    CompletableFuture<FlushResult> flush = pipe.flushAsync();
    pipe.completeReader(new IOException("no more"));
    expectFailure(flush, IOException.class);
  }

  @Test
  void writerThatIsParkedForRoomShowsWhatItHasAndGoesOn() throws Exception {
    pipe.put(CAP);
    Parked<Void> writer =
        Parked.of(() -> {
          pipe.park();
          return null;
        });
    pipe.read().expect(0, CAP).advance(1, CAP);
    writer.end();
    pipe.tryFlush();
    come().expect(1, CAP + 1);
  }

  @Test
  void writerThatIsParkedForRoomEndsWithTheReader() throws Exception {
    pipe.put(CAP);
    Parked<Void> writer =
        Parked.of(() -> {
          pipe.park();
          return null;
        });
    pipe.completeReader(null);
    writer.end();
    assertThat(pipe.tryFlush()).isEqualTo(FlushResult.COMPLETED);
  }

  @Test
  void interruptAndCancelEndAWaitForRoom() throws Exception {
    pipe.put(CAP);
    Parked<Void> writer =
        Parked.of(() -> {
          pipe.park();
          return null;
        });
    writer.thread().interrupt();
    assertThatThrownBy(writer::end).hasCauseInstanceOf(InterruptedIOException.class);
    Parked<Void> again =
        Parked.of(() -> {
          pipe.park();
          return null;
        });
    pipe.cancelFlush();
    assertThatThrownBy(again::end).hasCauseInstanceOf(CancellationException.class);
    come().expect(0, CAP).advance(CAP);
    assertThat(pipe.send(1)).isEqualTo(FlushResult.OPEN);
  }

  // ---- Small and large bounds ------------------------------------------------------------------

  @Test
  void pipeOfOneHoldsOne() throws IOException {
    try (AnyPipe one = kind.open(pool, Rig.options(), 1, 1, 1)) {
      for (long i = 0; i < 200; i++) {
        assertThat(one.send(1)).isEqualTo(FlushResult.PENDING);
        assertThat(one.put(1)).isFalse();
        one.readAtLeast(1).expect(i, i + 1).advance(i + 1);
        assertThat(one.tryFlush()).isEqualTo(FlushResult.OPEN);
      }
      assertThatThrownBy(() -> one.readAtLeast(2)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void pipeWithoutABoundFlowsAndItsReaderMayWantAnyLength() throws IOException {
    PipeOptions unbounded =
        Rig.options().withThresholds(0, 0).withMaxBuffered(Long.MAX_VALUE).withSegments(64, 512);
    try (AnyPipe wide = kind.open(pool, unbounded)) {
      CompletableFuture<AnyPipe.Read> read = wide.readAtLeastAsync(5000);
      for (int i = 0; i < 50; i++) {
        assertThat(read).isNotDone();
        assertThat(wide.send(100)).isEqualTo(FlushResult.OPEN);
      }
      read.join().expect(0, 5000).advance(5000);
    }
  }
}
