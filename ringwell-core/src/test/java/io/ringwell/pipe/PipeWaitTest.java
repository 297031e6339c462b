package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Waiting, cancelling, completing, and who is called when.
class PipeWaitTest {
  private static final PipeOptions SMALL =
      Rig.options().withThresholds(100, 50).withMaxBuffered(1000);

  private final Rig rig = new Rig(SMALL);
  private final PipeWriter writer = rig.writer;
  private final PipeReader reader = rig.reader;

  @AfterEach
  void everythingIsGivenBack() {
    rig.close();
  }

  // ---- Parking ---------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void parkedReadComesWithData(boolean virtual) throws Exception {
    Parked<PipeRead> read = Parked.of(virtual, reader::read);
    rig.send("hello");
    assertThat(Rig.text(read.end())).isEqualTo("hello");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void parkedReadOfAtLeastWaitsForAll(boolean virtual) throws Exception {
    Parked<PipeRead> read = Parked.of(virtual, () -> reader.readAtLeast(4));
    rig.send("abc");
    rig.send("d");
    assertThat(Rig.text(read.end())).isEqualTo("abcd");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void parkedFlushComesWhenTheReaderHasExamined(boolean virtual) throws Exception {
    rig.writeBytes(100);
    Parked<FlushResult> flush = Parked.of(virtual, writer::flush);
    reader.read().advance(51);
    assertThat(flush.end()).isEqualTo(FlushResult.OPEN);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void parkedReserveComesWhenTheReaderHasConsumed(boolean virtual) throws Exception {
    rig.writeBytes(1000);
    Parked<Long> reserve = Parked.of(virtual, () -> writer.reserve(10));
    PipeRead read = reader.read();
    assertThat(read.size()).as("shown before parking").isEqualTo(1000);
    read.advance(10, 1000);
    assertThat(reserve.end()).isEqualTo(10);
  }

  @Test
  void parkedAppendComesWhenTheReaderHasConsumed() throws Exception {
    rig.writeBytes(1000);
    Parked<Boolean> append =
        Parked.of(() -> {
          writer.append(Bytes.copyOf(new byte[3]));
          return true;
        });
    reader.read().advance(3, 1000);
    assertThat(append.end()).isTrue();
    writer.tryFlush();
    assertThat(reader.read().size()).isEqualTo(1000);
  }

  /// When it was told that room is wanted, there was nothing that it could have read.
  @Test
  void theFlushOfAWriterThatWantsRoomIsSeenByAReadOfMore() throws Exception {
    CompletableFuture<PipeRead> read = reader.readAtLeastAsync(600).toCompletableFuture();
    rig.writeBytes(500);
    Parked<Long> reserve = Parked.of(() -> writer.reserve(600));
    assertThat(read).isCompleted();
    assertThat(read.join().isFull()).isTrue();
    read.join().advance(500);
    assertThat(reserve.end()).isGreaterThanOrEqualTo(600);
  }

  @Test
  void theFlushOfAWriterThatAppendsIsSeenByAReadOfMore() throws Exception {
    CompletableFuture<PipeRead> read = reader.readAtLeastAsync(600).toCompletableFuture();
    rig.writeBytes(500);
    Bytes bytes = Bytes.copyOf(new byte[600]);
    assertThat(writer.tryAppend(bytes)).isFalse();
    assertThat(read).isNotDone();
    assertThat(writer.tryFlush()).isNotNull();
    assertThat(read).isCompleted();
    read.join().advance(500);
    assertThat(writer.tryAppend(bytes)).isTrue();
  }

  @Test
  void reserveWaitsForThePoolsMemory() throws Exception {
    IoBuffer all = Objects.requireNonNull(rig.pool.tryAcquire(rig.pool.maxBytes()));
    Parked<Long> reserve = Parked.of(() -> writer.reserve(10));
    all.close();
    assertThat(reserve.end()).isGreaterThanOrEqualTo(10);
  }

  @Test
  void interruptEndsAWaitAndLosesNothing() throws Exception {
    rig.send("abc");
    reader.read().advance(0, 3);
    Parked<PipeRead> read = Parked.of(reader::read);
    read.thread().interrupt();
    assertThatThrownBy(read::end).hasCauseInstanceOf(InterruptedIOException.class);
    rig.send("d");
    PipeRead next = reader.read();
    assertThat(Rig.text(next)).isEqualTo("abcd");
    next.advance(0);

    rig.writeBytes(100);
    Parked<FlushResult> flush = Parked.of(writer::flush);
    flush.thread().interrupt();
    assertThatThrownBy(flush::end).hasCauseInstanceOf(InterruptedIOException.class);
    assertThat(reader.read().size()).isEqualTo(104);
  }

  @Test
  void completionOfTheReaderEndsItsParkedRead() throws Exception {
    Parked<PipeRead> read = Parked.of(reader::read);
    reader.complete();
    assertThatThrownBy(read::end).hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void completionOfTheReaderEndsTheWritersWaitForRoom() throws Exception {
    rig.writeBytes(1000);
    Parked<Long> reserve = Parked.of(() -> writer.reserve(10));
    reader.complete();
    assertThat(reserve.end()).isPositive();
    assertThat(writer.flush()).isEqualTo(FlushResult.COMPLETED);
  }

  // ---- Cancelling ------------------------------------------------------------------------------

  @Test
  void cancelEndsAReadThatWaitsOnce() throws IOException {
    CompletableFuture<PipeRead> read = reader.readAsync().toCompletableFuture();
    reader.cancelPending();
    assertThat(read.join().isCancelled()).isTrue();
    assertThat(read.join().isEmpty()).isTrue();
    assertThat(reader.tryRead()).as("once, and no advance is due").isNull();
  }

  @Test
  void cancelBeforeAReadStaysUntilIt() throws IOException {
    reader.cancelPending();
    reader.cancelPending();
    PipeRead read = reader.tryRead();
    assertThat(read).isNotNull();
    assertThat(read.isCancelled()).isTrue();
    assertThat(reader.tryRead()).isNull();
  }

  @Test
  void cancelledReadHasTheDataAndMayBeAdvanced() throws IOException {
    rig.send("abc");
    reader.cancelPending();
    PipeRead read = reader.read();
    assertThat(read.isCancelled()).isTrue();
    assertThat(Rig.text(read)).isEqualTo("abc");
    read.advance(1);
    PipeRead rest = reader.read();
    assertThat(rest.isCancelled()).isFalse();
    assertThat(Rig.text(rest)).isEqualTo("bc");
  }

  @Test
  void cancelledReadThatIsNotAdvancedLosesNothing() throws IOException {
    rig.send("abc");
    reader.cancelPending();
    reader.read();
    assertThat(Rig.text(reader.read())).isEqualTo("abc");
  }

  @Test
  void cancelEndsAReadOfAtLeastWithLess() throws IOException {
    rig.send("abc");
    CompletableFuture<PipeRead> read = reader.readAtLeastAsync(10).toCompletableFuture();
    assertThat(read).isNotDone();
    reader.cancelPending();
    assertThat(read.join().isCancelled()).isTrue();
    assertThat(Rig.text(read.join())).isEqualTo("abc");
  }

  @Test
  void cancelDuringAParkedReadComes() throws Exception {
    Parked<PipeRead> read = Parked.of(reader::read);
    reader.cancelPending();
    assertThat(read.end().isCancelled()).isTrue();
  }

  @Test
  void readMayBeCancelledAndCompletedAtOnce() throws IOException {
    rig.write("z");
    reader.cancelPending();
    writer.complete();
    PipeRead read = reader.read();
    assertThat(read.isCancelled()).isTrue();
    assertThat(read.isCompleted()).isTrue();
    assertThat(Rig.text(read)).isEqualTo("z");
  }

  @Test
  void cancelEndsAFlushThatWaitsOnce() throws IOException {
    rig.writeBytes(100);
    CompletableFuture<FlushResult> flush = writer.flushAsync().toCompletableFuture();
    writer.cancelPending();
    assertThat(flush).isCompletedWithValue(FlushResult.CANCELLED);
    assertThat(writer.tryFlush()).isEqualTo(FlushResult.PENDING);
    assertThat(reader.read().size()).as("nothing is lost").isEqualTo(100);
  }

  @Test
  void cancelBeforeAFlushStaysUntilItAndDataGoThrough() throws IOException {
    writer.cancelPending();
    assertThat(rig.send("abc")).isEqualTo(FlushResult.CANCELLED);
    assertThat(Rig.text(reader.tryRead())).isEqualTo("abc");
    assertThat(writer.flush()).isEqualTo(FlushResult.OPEN);
  }

  @Test
  void cancelEndsTheParkedFlushAndTheWaitForRoom() throws Exception {
    rig.writeBytes(100);
    Parked<FlushResult> flush = Parked.of(writer::flush);
    writer.cancelPending();
    assertThat(flush.end()).isEqualTo(FlushResult.CANCELLED);
    rig.writeBytes(900);
    Parked<Long> reserve = Parked.of(() -> writer.reserve(1));
    writer.cancelPending();
    assertThatThrownBy(reserve::end).hasCauseInstanceOf(CancellationException.class);
    reader.read().advance(1000);
    assertThat(writer.reserve(1)).isPositive();
  }

  // ---- Callbacks and schedulers ----------------------------------------------------------------

  @Test
  void callbacksRunInOrderBeforeTheContinuation() {
    List<String> order = new ArrayList<>();
    IOException cause = new IOException();
    reader.onWriterCompleted(error -> order.add("first " + (error == cause)));
    reader.onWriterCompleted(error -> order.add("second"));
    reader.readAsync().whenComplete((read, error) -> order.add("read"));
    writer.complete(cause);
    assertThat(order).containsExactly("first true", "second", "read");
    reader.onWriterCompleted(error -> order.add("late " + (error == cause)));
    assertThat(order).endsWith("late true");
  }

  @Test
  void callbacksOfTheWriterRunBeforeItsFlush() throws IOException {
    List<String> order = new ArrayList<>();
    writer.onReaderCompleted(error -> order.add("first " + error));
    writer.onReaderCompleted(error -> order.add("second"));
    rig.writeBytes(100);
    writer.flushAsync().thenAccept(result -> order.add(result.toString()));
    reader.complete();
    reader.complete();
    assertThat(order).containsExactly("first null", "second", "COMPLETED");
  }

  @Test
  void whatCallbacksThrowIsGatheredAndKeepsNobodyWaiting() {
    List<String> order = new ArrayList<>();
    reader.onWriterCompleted(error -> {
      throw new IllegalStateException("one");
    });
    reader.onWriterCompleted(error -> {
      throw new IllegalArgumentException("two");
    });
    reader.onWriterCompleted(error -> order.add("three"));
    reader.readAsync().thenAccept(read -> order.add("read"));
    assertThatThrownBy(writer::complete)
        .hasMessage("one")
        .satisfies(e -> assertThat(Arrays.asList(e.getSuppressed()).getFirst()).hasMessage("two"));
    assertThat(order).containsExactly("three", "read");
  }

  @Test
  void stagesAndCallbacksRunInTheirScheduler() throws IOException {
    Rig.Manual readers = new Rig.Manual();
    Rig.Manual writers = new Rig.Manual();
    try (Rig own = new Rig(SMALL.withReaderScheduler(readers).withWriterScheduler(writers))) {
      CompletableFuture<PipeRead> read = own.reader.readAsync().toCompletableFuture();
      own.send("abc");
      assertThat(read).isNotDone();
      assertThat(readers.size()).isEqualTo(1);
      readers.runAll();
      read.join().advance(3);
      own.writeBytes(100);
      CompletableFuture<FlushResult> flush = own.writer.flushAsync().toCompletableFuture();
      own.reader.read().advance(103);
      assertThat(flush).isNotDone();
      writers.runAll();
      assertThat(flush).isCompletedWithValue(FlushResult.OPEN);
      List<String> told = new ArrayList<>();
      own.reader.onWriterCompleted(error -> told.add("reader"));
      own.writer.onReaderCompleted(error -> told.add("writer"));
      own.writer.complete();
      own.reader.complete();
      assertThat(told).isEmpty();
      writers.runAll();
      assertThat(told).containsExactly("writer");
      readers.runAll();
      assertThat(told).containsExactly("writer", "reader");
    }
  }

  @Test
  void whatASchedulerRejectsRunsAllTheSame() throws IOException {
    try (Rig own =
        new Rig(
            SMALL.withReaderScheduler(task -> {
              throw new RejectedExecutionException();
            }))) {
      CompletableFuture<PipeRead> read = own.reader.readAsync().toCompletableFuture();
      own.send("abc");
      assertThat(Rig.text(read.join())).isEqualTo("abc");
    }
  }

  /// It is the scheduler's own word, but here it comes of what ran.
  @Test
  void whatRunsAndThrowsARejectionRunsOnce() throws IOException {
    List<String> ran = new ArrayList<>();
    reader.onWriterCompleted(error -> reject(ran, "callback"));
    assertThat(reader.tryRead(() -> reject(ran, "read"))).isNull();
    assertThatThrownBy(() -> rig.send("abc")).isInstanceOf(RejectedExecutionException.class);
    assertThat(ran).containsExactly("read");
    assertThat(Rig.text(reader.tryRead())).isEqualTo("abc");
    assertThatThrownBy(writer::complete).isInstanceOf(RejectedExecutionException.class);
    assertThat(ran).containsExactly("read", "callback");
    assertThatThrownBy(() -> reader.onWriterCompleted(error -> reject(ran, "late")))
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(ran).containsExactly("read", "callback", "late");
  }

  private static void reject(List<String> ran, String name) {
    ran.add(name);
    throw new RejectedExecutionException(name);
  }

  @Test
  void stageThatIsThereAlreadyIsComplete() throws IOException {
    rig.send("abc");
    CompletableFuture<PipeRead> read = reader.readAsync().toCompletableFuture();
    assertThat(read).isCompleted();
    assertThat(Rig.text(read.join())).isEqualTo("abc");
    read.join().advance(1);
    assertThat(Rig.text(reader.readAsync().toCompletableFuture().join())).isEqualTo("bc");
  }

  @Test
  void continuationsMayCallThePipeFromWithin() throws IOException {
    List<String> seen = new ArrayList<>();
    readAll(seen);
    for (int i = 0; i < 3; i++) {
      rig.send("m" + i);
    }
    writer.complete();
    assertThat(seen).containsExactly("m0", "m1", "m2", "");
  }

  private void readAll(List<String> seen) {
    reader
        .readAsync()
        .thenAccept(read -> {
          boolean last = read.isCompleted();
          seen.add(Rig.text(read));
          read.advance(Long.MAX_VALUE);
          if (!last) {
            readAll(seen);
          }
        });
  }

  // ---- Reset -----------------------------------------------------------------------------------

  @Test
  void resetWantsBothSidesComplete() {
    assertThatThrownBy(rig.pipe::reset).isInstanceOf(IllegalStateException.class);
    writer.complete();
    assertThatThrownBy(rig.pipe::reset).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void resetPipeIsAsNew() throws IOException {
    for (int round = 0; round < 3; round++) {
      rig.send("hello");
      reader.cancelPending();
      writer.cancelPending();
      if (round == 1) {
        reader.read().advance(5);
      }
      writer.complete(new IOException("old"));
      reader.complete(new IOException("old"));
      assertThat(rig.held()).isZero();
      rig.pipe.reset();
      assertThat(writer.isComplete() || reader.isComplete()).isFalse();
      assertThat(reader.tryRead()).isNull();
      assertThat(rig.send("new")).isEqualTo(FlushResult.OPEN);
      PipeRead read = reader.read();
      assertThat(read.start()).isZero();
      assertThat(Rig.text(read)).isEqualTo("new");
      read.advance(3);
    }
  }

  @Test
  void lengthIsThatOfWhatWasWrittenWhateverItsPieces() throws IOException {
    try (Rig large = new Rig(Rig.options().withThresholds(0, 0))) {
      long sum = 0;
      for (int size : new int[] {1, 4095, 4096, 4097, 100_000, 3}) {
        large.writeBytes(size);
        large.writer.flush();
        sum += size;
        PipeRead read = large.reader.read();
        assertThat(read.size()).isEqualTo(sum);
        read.advance(0, Long.MAX_VALUE);
      }
    }
  }
}
