package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.CopyCounter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What goes from pipe to pipe, and bytes of any size into one.
class PipeToPipeTest {
  private final Rig rig = new Rig(Rig.options().withThresholds(100, 50).withMaxBuffered(1000));
  private final PipeWriter writer = rig.writer;
  private final PipeReader reader = rig.reader;

  @AfterEach
  void everythingIsGivenBack() {
    rig.close();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(Long.getLong("ringwell.seed", 1)).nextBytes(bytes);
    return bytes;
  }

  @Test
  void copyToAPipeMovesTheMemory() throws Exception {
    try (Rig other = new Rig(Rig.options().withThresholds(0, 0))) {
      rig.write("abc");
      Bytes appended = Bytes.copyOf("def".getBytes(StandardCharsets.US_ASCII));
      long address = appended.address();
      writer.append(appended);
      writer.complete();
      long copied = CopyCounter.bytesCopied();
      assertThat(reader.copyTo(other.writer)).isEqualTo(6);
      assertThat(CopyCounter.bytesCopied()).isEqualTo(copied);
      assertThat(other.writer.isComplete()).isFalse();
      PipeRead read = other.reader.read();
      assertThat(read.nextFragment()).isTrue();
      assertThat(read.window().address()).isEqualTo(address);
      assertThat(Rig.text(read)).isEqualTo("abcdef");
      read.advance(6);
      assertThat(rig.held()).as("nobody has it any more").isZero();
    }
  }

  @Test
  void copyIntoASmallerPipeGoesInPartsAndConsumesJustWhatWasTaken() throws Exception {
    try (Rig small = new Rig(Rig.options().withThresholds(40, 20).withMaxBuffered(40))) {
      byte[] all = random(100);
      writer.append(Bytes.copyOf(all));
      writer.tryFlush();
      Parked<Long> copy = Parked.of(() -> reader.copyTo(small.writer));
      copy.thread().interrupt();
      assertThatThrownBy(copy::end).hasCauseInstanceOf(InterruptedIOException.class);
      PipeRead first = small.reader.read();
      int taken = (int) first.end();
      assertThat(taken).isBetween(1, 40);
      assertThat(reader.consumed()).isEqualTo(taken);
      assertThat(first.toArray()).isEqualTo(Arrays.copyOf(all, taken));
      first.advance(taken);
      assertThat(reader.read().toArray()).isEqualTo(Arrays.copyOfRange(all, taken, 100));
    }
  }

  @Test
  void sendTakesMoreThanThePipeMayHold() throws Exception {
    byte[] all = random(5000);
    Bytes bytes = Bytes.copyOf(all);
    Parked<Boolean> send =
        Parked.of(() -> {
          writer.send(bytes);
          return true;
        });
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    while (seen.size() < all.length) {
      PipeRead read = reader.read();
      assertThat(read.size()).isLessThanOrEqualTo(1000);
      seen.writeBytes(read.toArray());
      read.advance(read.end());
    }
    assertThat(send.end()).isTrue();
    assertThat(seen.toByteArray()).isEqualTo(all);
    assertThat(bytes.isClosed()).isTrue();
  }

  @Test
  void whatIsSentIsClosedWhateverHappens() {
    Bytes unread = Bytes.copyOf(new byte[3]);
    reader.complete();
    assertThatThrownBy(() -> writer.send(unread)).hasMessageContaining("nobody reads");
    assertThat(unread.isClosed()).isTrue();
    writer.complete();
    Bytes late = Bytes.copyOf(new byte[3]);
    assertThatThrownBy(() -> writer.send(late)).isInstanceOf(IllegalStateException.class);
    assertThat(late.isClosed()).isTrue();
  }

  @Test
  void pipedPipesEndTogether() throws Exception {
    try (Rig other = new Rig(Rig.options().withThresholds(100, 50))) {
      Parked<Long> pump = Parked.of(() -> reader.pipeTo(other.writer));
      rig.send("abc");
      writer.complete();
      assertThat(pump.end()).isEqualTo(3);
      PipeRead read = other.reader.read();
      assertThat(read.isCompleted()).isTrue();
      assertThat(Rig.text(read)).isEqualTo("abc");
      assertThat(reader.isComplete()).isTrue();
    }
  }

  @Test
  void errorPassesDownThroughPipedPipes() throws Exception {
    try (Rig other = new Rig(Rig.options().withThresholds(100, 50))) {
      IOException cause = new IOException("the source is gone");
      Parked<Long> pump = Parked.of(() -> reader.pipeTo(other.writer));
      writer.complete(cause);
      assertThatThrownBy(pump::end).hasCause(cause);
      assertThatThrownBy(other.reader::read).isSameAs(cause);
    }
  }

  @Test
  void errorPassesUpThroughPipedPipesThoughNothingComes() throws Exception {
    try (Rig other = new Rig(Rig.options().withThresholds(100, 50))) {
      IOException cause = new IOException("the target is full");
      Parked<Long> pump = Parked.of(() -> reader.pipeTo(other.writer));
      other.reader.complete(cause);
      assertThatThrownBy(pump::end).hasCause(cause);
      assertThatThrownBy(writer::flush).isSameAs(cause);
    }
  }

  @Test
  void endPassesUpThroughPipedPipesThoughNothingComes() throws Exception {
    try (Rig other = new Rig(Rig.options().withThresholds(100, 50))) {
      Parked<Long> pump = Parked.of(() -> reader.pipeTo(other.writer));
      other.reader.complete();
      assertThat(pump.end()).isZero();
      assertThat(writer.flush()).isEqualTo(FlushResult.COMPLETED);
    }
  }

  @Test
  void backPressurePassesUpThroughPipedPipes() throws Exception {
    try (Rig other = new Rig(Rig.options().withThresholds(100, 50))) {
      Parked<Long> pump = Parked.of(() -> reader.pipeTo(other.writer));
      rig.writeBytes(100);
      CompletableFuture<FlushResult> flush = writer.flushAsync().toCompletableFuture();
      PipeRead read = other.reader.read();
      assertThat(read.size()).isEqualTo(100);
      assertThat(flush).as("the pump waits with these").isNotDone();
      read.advance(100);
      while (!flush.isDone()) {
        Thread.onSpinWait();
      }
      other.reader.complete();
      pump.end();
    }
  }

  @Test
  void cancelOfEitherSideEndsACopyAndLosesNothing() throws Exception {
    try (Rig other = new Rig(Rig.options().withThresholds(4, 2))) {
      Parked<Long> copy = Parked.of(() -> reader.copyTo(other.writer));
      reader.cancelPending();
      assertThatThrownBy(copy::end).hasCauseInstanceOf(CancellationException.class);
      Parked<Long> again = Parked.of(() -> reader.copyTo(other.writer));
      rig.send("abcdef");
      PipeRead read = other.reader.read();
      assertThat(Rig.text(read)).isEqualTo("abcdef");
      read.advance(0);
      while (again.thread().getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      other.writer.cancelPending();
      assertThatThrownBy(again::end).hasCauseInstanceOf(CancellationException.class);
      assertThat(reader.consumed()).isEqualTo(6);
    }
  }

  @Test
  void sendOfNothingIsAFlush() throws IOException {
    rig.write("abc");
    Bytes empty = Bytes.copyOf(new byte[0]);
    writer.send(empty);
    assertThat(empty.isClosed()).isTrue();
    assertThat(Rig.text(reader.tryRead())).isEqualTo("abc");
  }

  @Test
  void whatIsCancelledWhileItIsSentSaysHowMuchWasTaken() throws Exception {
    Bytes bytes = Bytes.copyOf(random(5000));
    Parked<Void> send =
        Parked.of(() -> {
          writer.send(bytes);
          return null;
        });
    writer.cancelPending();
    assertThatThrownBy(send::end).hasCauseInstanceOf(CancellationException.class);
    assertThat(bytes.isClosed()).isTrue();
    assertThat(writer.committed()).isBetween(1L, 1000L);
    assertThat(reader.read().toArray())
        .isEqualTo(Arrays.copyOf(random(5000), (int) writer.committed()));
  }
}
