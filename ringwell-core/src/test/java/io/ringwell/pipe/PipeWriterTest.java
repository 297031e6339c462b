package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a writer may do, and what holds it back.
class PipeWriterTest {
  private final Rig rig = new Rig();
  private final PipeWriter writer = rig.writer;
  private final PipeReader reader = rig.reader;

  @AfterEach
  void everythingIsGivenBack() {
    rig.close();
  }

  @Test
  void windowIsNeverEmpty() throws IOException {
    assertThat(writer.window(0).byteSize()).isPositive();
    writer.commit(writer.room());
    assertThat(writer.room()).isZero();
    assertThat(writer.window(0).byteSize()).isPositive();
    assertThat(writer.tryReserve(0)).isPositive();
  }

  @Test
  void windowIsAsLongAsWanted() throws IOException {
    assertThat(writer.window(100_000).byteSize()).isGreaterThanOrEqualTo(100_000);
    assertThat(writer.room()).isGreaterThanOrEqualTo(100_000);
  }

  @Test
  void windowGoesOnBehindWhatWasCommitted() throws IOException {
    writer.reserve(10);
    long position = writer.position();
    long room = writer.room();
    writer.commit(4);
    assertThat(writer.position()).isEqualTo(position + 4);
    assertThat(writer.room()).isEqualTo(room - 4);
    assertThat(writer.committed()).isEqualTo(4);
    assertThat(writer.unflushed()).isEqualTo(4);
    writer.flush();
    assertThat(writer.unflushed()).isZero();
  }

  @Test
  void commitOfMoreThanTheWindowIsRefused() throws IOException {
    assertThatThrownBy(() -> writer.commit(1)).isInstanceOf(IllegalArgumentException.class);
    long room = writer.reserve(1);
    assertThatThrownBy(() -> writer.commit(room + 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.commit(-1)).isInstanceOf(IllegalArgumentException.class);
    writer.commit(0);
    writer.flush();
    assertThatThrownBy(() -> writer.commit(1))
        .as("a flush ends the window")
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(writer::buffer).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void segmentsDoubleWhileTheReaderLagsBehind() throws IOException {
    try (Rig unlimited = new Rig(Rig.options().withThresholds(0, 0))) {
      List<Long> sizes = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        long room = unlimited.writer.reserve(1);
        sizes.add(room);
        unlimited.writer.commit(room);
      }
      assertThat(sizes)
          .containsExactly(
              4L << 10,
              8L << 10,
              16L << 10,
              32L << 10,
              64L << 10,
              128L << 10,
              256L << 10,
              512L << 10,
              1L << 20,
              1L << 20);
      unlimited.writer.flush();
      unlimited.reader.read().advance(Long.MAX_VALUE);
    }
  }

  @Test
  void segmentsStaySmallWhileTheReaderKeepsUp() throws IOException {
    for (int i = 0; i < 100; i++) {
      assertThat(writer.reserve(1)).isLessThanOrEqualTo(4096);
      writer.commit(writer.room());
      writer.flush();
      reader.read().advance(Long.MAX_VALUE);
    }
    assertThat(rig.held()).isLessThanOrEqualTo(3 * 4096);
  }

  @Test
  void flushWaitsAtThePauseAndUntilBelowTheResume() throws IOException {
    try (Rig small = new Rig(Rig.options().withThresholds(100, 50))) {
      small.writeBytes(99);
      assertThat(small.writer.tryFlush()).isEqualTo(FlushResult.OPEN);
      small.writeBytes(1);
      assertThat(small.writer.tryFlush()).isEqualTo(FlushResult.PENDING);
      CompletableFuture<FlushResult> flush = small.writer.flushAsync().toCompletableFuture();
      small.reader.read().advance(0, 50);
      assertThat(flush).as("50 are left, which is not below 50").isNotDone();
      small.reader.read().advance(0, 51);
      assertThat(flush).isCompletedWithValue(FlushResult.OPEN);
      small.writeBytes(50);
      assertThat(small.writer.tryFlush()).isEqualTo(FlushResult.OPEN);
      small.writeBytes(1);
      assertThat(small.writer.tryFlush()).isEqualTo(FlushResult.PENDING);
    }
  }

  @Test
  void consumingResumesAsExaminingDoes() throws IOException {
    try (Rig small = new Rig(Rig.options().withThresholds(100, 50))) {
      small.writeBytes(100);
      CompletableFuture<FlushResult> flush = small.writer.flushAsync().toCompletableFuture();
      assertThat(flush).isNotDone();
      small.reader.read().advance(100);
      assertThat(flush).isCompletedWithValue(FlushResult.OPEN);
    }
  }

  @Test
  void noThresholdNeverWaits() throws IOException {
    try (Rig unlimited = new Rig(Rig.options().withThresholds(0, 0))) {
      unlimited.writeBytes(1 << 20);
      assertThat(unlimited.writer.flush()).isEqualTo(FlushResult.OPEN);
    }
  }

  @Test
  void readAtLeastResumesThePausedWriter() throws IOException {
    try (Rig small = new Rig(Rig.options().withThresholds(100, 50))) {
      small.writeBytes(100);
      CompletableFuture<FlushResult> flush = small.writer.flushAsync().toCompletableFuture();
      CompletableFuture<PipeRead> read = small.reader.readAtLeastAsync(300).toCompletableFuture();
      assertThat(flush).isCompletedWithValue(FlushResult.OPEN);
      for (int i = 1; i < 3; i++) {
        assertThat(read).isNotDone();
        small.writeBytes(100);
        assertThat(small.writer.tryFlush()).isEqualTo(FlushResult.OPEN);
      }
      assertThat(read.join().size()).isEqualTo(300);
    }
  }

  @Test
  void appendCopiesNothingAndHandsTheHandleOver() throws IOException {
    Bytes bytes = Objects.requireNonNull(rig.pool.tryAcquire(1 << 20)).freeze();
    long address = bytes.address();
    long copied = CopyCounter.bytesCopied();
    writer.append(bytes);
    writer.tryFlush();
    PipeRead read = reader.read();
    assertThat(read.window().address()).isEqualTo(address);
    assertThat(CopyCounter.bytesCopied()).isEqualTo(copied);
    assertThat(bytes.isClosed()).isFalse();
    read.advance(1 << 20);
    assertThat(bytes.isClosed()).isTrue();
  }

  @Test
  void emptyBytesAreClosedAndLeaveNoFragment() throws IOException {
    Bytes empty = Bytes.empty();
    writer.append(empty);
    assertThat(empty.isClosed()).isTrue();
    writer.flush();
    assertThat(reader.tryRead()).isNull();
  }

  @Test
  void appendBeyondTheCapIsRefusedAndStaysTheCallers() throws IOException {
    try (Rig small = new Rig(Rig.options().withThresholds(100, 50).withMaxBuffered(1000));
        Bytes large = Bytes.copyOf(new byte[1001])) {
      assertThatThrownBy(() -> small.writer.append(large))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("withMaxBuffered");
      assertThat(large.isClosed()).isFalse();
      small.writeBytes(1);
      try (Bytes fitting = Bytes.copyOf(new byte[1000])) {
        assertThat(small.writer.tryAppend(fitting)).isFalse();
        assertThat(fitting.isClosed()).isFalse();
      }
    }
  }

  @Test
  void capBoundsWhatIsHeldAndTheReaderLearnsOfIt() throws IOException {
    try (Rig small = new Rig(Rig.options().withThresholds(100, 50).withMaxBuffered(1000))) {
      small.writeBytes(400);
      small.writer.tryFlush();
      small.reader.read().advance(0, 400);
      small.writeBytes(600);
      assertThat(small.writer.tryFlush()).isEqualTo(FlushResult.PENDING);
      PipeRead all = small.reader.read();
      assertThat(all.isFull()).as("there is something new").isFalse();
      all.advance(0, 1000);
      assertThat(small.writer.tryReserve(1)).isZero();
      PipeRead full = small.reader.read();
      assertThat(full.isFull()).isTrue();
      assertThat(full.size()).isEqualTo(1000);
      full.advance(10, 1000);
      assertThat(small.writer.tryReserve(1)).isEqualTo(10);
      small.writeBytes(10);
      assertThat(small.writer.tryReserve(1)).isZero();
    }
  }

  @Test
  void readThatWaitsHearsThatThePipeIsFull() throws IOException {
    try (Rig small = new Rig(Rig.options().withThresholds(100, 50).withMaxBuffered(1000))) {
      small.writeBytes(400);
      small.writer.tryFlush();
      CompletableFuture<PipeRead> read = small.reader.readAtLeastAsync(900).toCompletableFuture();
      assertThat(small.writer.tryReserve(700)).isZero();
      assertThat(read.join().isFull()).isTrue();
      assertThat(read.join().size()).isEqualTo(400);
    }
  }

  @Test
  void readOfMoreThanTheCapIsRefused() throws IOException {
    try (Rig small = new Rig(Rig.options().withThresholds(100, 50).withMaxBuffered(1000))) {
      assertThatThrownBy(() -> small.reader.readAtLeast(1001))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> small.writer.reserve(1001))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void flushSaysThatTheReaderIsComplete() throws IOException {
    rig.send("unread");
    reader.complete();
    assertThat(rig.held()).isZero();
    assertThat(rig.send("more")).isEqualTo(FlushResult.COMPLETED);
    assertThat(writer.flush()).isEqualTo(FlushResult.COMPLETED);
    assertThat(writer.flushAsync()).isCompletedWithValue(FlushResult.COMPLETED);
    assertThat(rig.held()).as("what nobody will read is let go").isZero();
  }

  @Test
  void flushEndsWhenTheReaderCompletes() throws IOException {
    rig.writeBytes(64 << 10);
    CompletableFuture<FlushResult> flush = writer.flushAsync().toCompletableFuture();
    assertThat(flush).isNotDone();
    reader.complete();
    assertThat(flush).isCompletedWithValue(FlushResult.COMPLETED);
  }

  @Test
  void errorOfTheReaderIsThrownEachTime() {
    IOException cause = new IOException("no more");
    reader.complete(cause);
    reader.complete(new IOException("too late"));
    assertThatThrownBy(writer::flush).isSameAs(cause);
    assertThatThrownBy(writer::tryFlush).isSameAs(cause);
    assertThat(writer.flushAsync().toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void completionFlushesWhatWasCommitted() throws IOException {
    rig.write("all");
    writer.complete();
    PipeRead read = reader.read();
    assertThat(Rig.text(read)).isEqualTo("all");
    read.advance(3);
    assertThat(rig.held()).as("nothing more can come").isZero();
  }

  @Test
  void completionWithAnErrorFlushesToo() throws IOException {
    rig.write("all");
    writer.complete(new IOException());
    assertThat(rig.pipe.toString()).contains("flushed 3");
  }

  @Test
  void nothingMayBeWrittenAfterCompletion() throws IOException {
    writer.complete();
    writer.complete();
    assertThat(writer.isComplete()).isTrue();
    assertThatThrownBy(() -> writer.reserve(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> writer.tryReserve(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> writer.commit(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(writer::flush).isInstanceOf(IllegalStateException.class);
    try (Bytes bytes = Bytes.copyOf(new byte[1])) {
      assertThatThrownBy(() -> writer.append(bytes)).isInstanceOf(IllegalStateException.class);
      assertThat(bytes.isClosed()).isFalse();
    }
  }

  @Test
  void closeWithoutCompleteIsAnErrorToTheReader() throws IOException {
    rig.send("half");
    writer.close();
    assertThatThrownBy(reader::read)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("before it was complete");
  }

  @Test
  void callDuringAFlushIsRefused() throws IOException {
    rig.writeBytes(64 << 10);
    CompletableFuture<FlushResult> flush = writer.flushAsync().toCompletableFuture();
    assertThatThrownBy(() -> writer.reserve(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("in progress");
    assertThatThrownBy(writer::tryFlush).isInstanceOf(IllegalStateException.class);
    reader.read().advance(Long.MAX_VALUE);
    assertThat(flush).isCompleted();
    writer.reserve(1);
  }

  @Test
  void poolWithoutMemoryMakesPollsAnswerNothing() throws IOException {
    IoBuffer all = Objects.requireNonNull(rig.pool.tryAcquire(rig.pool.maxBytes()));
    assertThat(writer.tryReserve(1)).isZero();
    all.close();
    assertThat(writer.tryReserve(1)).isPositive();
  }

  @Test
  void windowBeyondThePoolIsRefused() {
    PipeOptions wide = Rig.options().withMaxBuffered(1L << 40);
    try (Pipe pipe = new Pipe(rig.pool, wide)) {
      assertThatThrownBy(() -> pipe.writer().tryReserve(rig.pool.maxBytes() + 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(pipe.writer().tryReserve(1)).isPositive();
    }
  }

  @Test
  void writtenBytesSpanSegments() throws IOException {
    rig.writeBytes(20_000);
    byte[] more = {1, 2, 3};
    writer.write(more, 1, 2);
    writer.write(MemorySegment.ofArray(more));
    writer.flush();
    PipeRead read = reader.read();
    byte[] seen = read.toArray();
    assertThat(seen).hasSize(20_005).endsWith(2, 3, 1, 2, 3);
    for (int i = 0; i < 20_000; i++) {
      assertThat(seen[i]).isEqualTo((byte) i);
    }
  }

  // ---- Going on from call to call --------------------------------------------------------------

  @Test
  void whoIsPausedIsCalledOnceItMayGoOn() throws IOException {
    List<FlushResult> results = new ArrayList<>();
    Runnable then = () -> results.add(flushed());
    rig.writeBytes(64 << 10);
    assertThat(writer.tryFlush(then)).isEqualTo(FlushResult.PENDING);
    assertThatThrownBy(writer::tryFlush)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("in progress");
    PipeRead read = Objects.requireNonNull(reader.tryRead());
    read.advance(read.start() + (16 << 10));
    assertThat(results).as("above the lower threshold").isEmpty();
    read = Objects.requireNonNull(reader.tryRead());
    read.advance(read.end());
    assertThat(results).containsExactly(FlushResult.OPEN);
    assertThat(writer.tryFlush(then)).isEqualTo(FlushResult.OPEN);
    assertThat(results).as("who may go on is not called").hasSize(1);
  }

  @Test
  void whoIsPausedHearsOfACancelAndOfTheReadersEnd() throws IOException {
    List<FlushResult> results = new ArrayList<>();
    Runnable then = () -> results.add(flushed());
    rig.writeBytes(64 << 10);
    writer.tryFlush(then);
    writer.cancelPending();
    assertThat(results).containsExactly(FlushResult.CANCELLED);
    writer.tryFlush(then);
    reader.complete();
    assertThat(results).containsExactly(FlushResult.CANCELLED, FlushResult.COMPLETED);
  }

  private FlushResult flushed() {
    try {
      return writer.tryFlush();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
