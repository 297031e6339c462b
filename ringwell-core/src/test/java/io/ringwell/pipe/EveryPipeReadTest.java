package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What is read, and what advancing means, for pipes of every kind.
@ParameterizedClass
@EnumSource(PipeKind.class)
class EveryPipeReadTest extends EveryPipeCase {
  EveryPipeReadTest(PipeKind kind) {
    super(kind);
  }

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

  @Test
  void nothingThatWasFoundIsNoReadToAdvance() throws IOException {
    assertThat(pipe.tryRead()).isNull();
    assertThat(pipe.tryRead()).isNull();
    pipe.send(2);
    come().expect(0, 2).advance(2);
  }

  @Test
  void pollsParksStagesAndCallsMayTakeTurns() throws IOException {
    pipe.send(5);
    pipe.read().advance(1);
    pipe.readAsync().join().expect(1, 5).advance(2);
    come().expect(2, 5).advance(3);
    Objects.requireNonNull(pipe.tryRead(() -> {})).expect(3, 5).advance(4);
    pipe.readAtLeast(1).expect(4, 5).advance(5);
  }

  @Test
  void whatIsNotFlushedIsNotSeenHoweverManySegmentsItTakes() throws IOException {
    pipe.send(1);
    pipe.put(CAP - 1);
    pipe.read().expect(0, 1).advance(0, 1);
    assertThat(pipe.tryRead()).isNull();
    pipe.tryFlush();
    come().expect(0, CAP);
  }

  @Test
  void readThatEndsWithItsSegmentGoesOnInTheNext() throws IOException {
    long segment = 64 / kind.elementBytes();
    for (int i = 0; i < 20; i++) {
      pipe.send(segment);
      pipe.read().expect(i * segment, (i + 1) * segment).advance((i + 1) * segment);
    }
    pipe.send(1);
    pipe.read().expect(20 * segment, 20 * segment + 1);
  }

  @Test
  void consumedInOneSegmentAndExaminedInAnother() throws IOException {
    pipe.send(300);
    pipe.read().advance(7, 290);
    come().expect(7, 300).advance(8, 300);
    assertThat(pipe.tryRead()).isNull();
    pipe.send(1);
    come().expect(8, 301).advance(299, 300);
    come().expect(299, 301).advance(301);
    assertThat(pipe.tryRead()).isNull();
  }

  @Test
  void examinedInPartLeavesTheRestThere() throws IOException {
    pipe.send(10);
    pipe.read().advance(2, 9);
    come().expect(2, 10).advance(2, 10);
    assertThat(pipe.tryRead()).isNull();
  }

  @Test
  void emptyReadMayBeAdvanced() throws IOException {
    pipe.cancelRead();
    pipe.read().expect(0, 0).advance(0);
    assertThat(pipe.tryRead()).isNull();
    pipe.send(1);
    come().expect(0, 1);
  }

  @Test
  void whoFoundNothingIsCalledOnceThereIsSomething() throws IOException {
    List<String> heard = new ArrayList<>();
    assertThat(pipe.tryRead(() -> heard.add("called"))).isNull();
    expectNoRead();
    pipe.tryFlush();
    assertThat(heard).isEmpty();
    pipe.send(3);
    pipe.put(1);
    pipe.tryFlush();
    assertThat(heard).containsExactly("called");
    come().expect(0, 4);
  }

  @Test
  void readParkedBehindWhatWasExaminedComesWithMore() throws Exception {
    pipe.send(5);
    pipe.read().advance(1, 5);
    Parked<AnyPipe.Read> read = Parked.of(pipe::read);
    pipe.send(1);
    read.end().expect(1, 6);
  }

  @Test
  void interruptThatWasThereBeforeDoesNotKeepWhatIsThere() throws IOException {
    pipe.send(3);
    Thread.currentThread().interrupt();
    try {
      pipe.read().expect(0, 3).advance(3);
      assertThat(pipe.flush()).isEqualTo(FlushResult.OPEN);
      assertThatThrownBy(pipe::read).isInstanceOf(InterruptedIOException.class);
    } finally {
      assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    }
    assertThat(pipe.tryRead()).isNull();
  }

  // ---- Length and memory -----------------------------------------------------------------------

  @Test
  void lengthGrowsByWhatIsFlushedAndShrinksByWhatIsConsumed() throws IOException {
    for (long i = 1; i <= CAP; i++) {
      assertThat(pipe.put(1)).isTrue();
      pipe.tryFlush();
      assertThat(pipe.committed()).isEqualTo(i);
      pipe.cancelRead();
      assertThat(pipe.read().size()).isEqualTo(i);
    }
    for (long i = 1; i <= CAP; i++) {
      AnyPipe.Read read = pipe.read();
      assertThat(read.size()).isEqualTo(CAP - i + 1);
      read.advance(i);
      assertThat(pipe.consumed()).isEqualTo(i);
    }
    assertThat(pipe.tryRead()).isNull();
  }

  @Test
  void examiningChangesNoLength() throws IOException {
    pipe.send(9);
    pipe.read().advance(0, 9);
    pipe.cancelRead();
    pipe.read().expect(0, 9).advance(4, 9);
    pipe.cancelRead();
    pipe.read().expect(4, 9);
    assertThat(pipe.committed()).isEqualTo(9);
  }

  @Test
  void memoryGoesBackAsItIsConsumed() throws IOException {
    assumeThat(kind.hasMemory()).isTrue();
    try (AnyPipe lean = open(Rig.options().withKeepBytes(0))) {
      lean.send(CAP);
      long all = held();
      assertThat(all).isGreaterThanOrEqualTo(CAP * kind.elementBytes());
      lean.read().advance(CAP / 2, CAP);
      assertThat(held()).isLessThan(all);
      lean.cancelRead();
      lean.read().expect(CAP / 2, CAP).advance(CAP);
      assertThat(held()).as("an empty pipe").isZero();
    }
  }

  @Test
  void readerMayLeaveWhatItHasNotAdvanced() throws IOException {
    pipe.send(300);
    pipe.read();
    pipe.closeReader();
    assertThat(held()).isZero();
    pipe.closeReader();
    assertThat(pipe.tryFlush()).isEqualTo(FlushResult.COMPLETED);
  }
}
