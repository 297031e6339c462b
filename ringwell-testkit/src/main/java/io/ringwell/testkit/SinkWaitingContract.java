package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.Bytes;
import io.ringwell.sink.Sink;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/// What a [Sink] promises while its destination makes it wait, and when that fails.
public interface SinkWaitingContract extends SinkCase {
  @Test
  default void fullSinkRefusesAndLetsInWhenThereIsRoom() throws Exception {
    Gate gate = requireGate();
    gate.hold();
    try (Sink sink = narrow()) {
      byte[] taken = fill(sink);
      CompletionStage<?> room = sink.sendAsync(lent(piece(101)));
      Bytes next = lent(piece(102));
      assertThat(sink.offer(next)).as("it would overtake").isFalse();
      assertThat(next.isClosed()).isFalse();
      CompletionStage<?> ready = sink.whenReady();
      assertThat(room.toCompletableFuture()).isNotDone();
      gate.release();
      room.toCompletableFuture().get();
      ready.toCompletableFuture().get();
      sink.send(next);
      sink.complete();
      assertThat(arrived(sink)).isEqualTo(SinkCase.joined(taken, piece(101), piece(102)));
    }
  }

  @Test
  default void emptySinkIsReadyAtOnce() throws Exception {
    try (Sink sink = narrow()) {
      sink.whenReady().toCompletableFuture().get();
      assertThat(sink.offer(lent(piece(1)))).isTrue();
      sink.complete();
    }
  }

  @Test
  default void interruptEndsTheWaitAndTheSinkGoesOn() throws Exception {
    Gate gate = requireGate();
    gate.hold();
    try (Sink sink = narrow()) {
      byte[] taken = fill(sink);
      Bytes late = lent(piece(101));
      CompletableFuture<Throwable> met = new CompletableFuture<>();
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  sink.send(late);
                  met.completeExceptionally(new AssertionError("there was no room"));
                } catch (IOException e) {
                  met.complete(e);
                }
              });
      sender.interrupt();
      assertThat(met.get()).isInstanceOf(InterruptedIOException.class);
      assertThat(late.isClosed()).isTrue();
      gate.release();
      assertThat(sink.complete()).isEqualTo(taken.length);
      assertThat(arrived(sink)).isEqualTo(taken);
    }
  }

  @Test
  default void whatWaitsForRoomIsCompletedToo() throws Exception {
    Gate gate = requireGate();
    gate.hold();
    try (Sink sink = narrow()) {
      byte[] content = fill(sink);
      List<CompletableFuture<?>> sent = new ArrayList<>();
      for (int seed = 101; seed < 104; seed++) {
        sent.add(sink.sendAsync(lent(piece(seed))).toCompletableFuture());
        content = SinkCase.joined(content, piece(seed));
      }
      assertThat(sent.getLast()).isNotDone();
      CompletableFuture<Long> completed = sink.completeAsync().toCompletableFuture();
      gate.release();
      assertThat(completed.get()).isEqualTo(content.length);
      for (CompletableFuture<?> each : sent) {
        each.get();
      }
      assertThat(arrived(sink)).isEqualTo(content);
    }
  }

  // ---- Errors ----------------------------------------------------------------------------------

  @Test
  default void firstErrorIsToldToEveryLaterCall() throws Exception {
    Gate gate = requireGate();
    byte[] old = ContractCase.pattern(7, 100);
    put(old);
    String why = gate.breakDown();
    Sink sink = sink();
    try (sink) {
      sink.send(lent(piece(1)));
      assertThatThrownBy(sink::complete).isInstanceOf(IOException.class).hasMessageContaining(why);
      assertThatThrownBy(sink::complete).hasMessageContaining(why);
      assertThatThrownBy(sink::flush).hasMessageContaining(why);
      Bytes more = lent(piece(2));
      assertThatThrownBy(() -> sink.send(more)).hasMessageContaining(why);
      assertThat(more.isClosed()).isTrue();
      Bytes again = lent(piece(3));
      assertThatThrownBy(() -> sink.offer(again)).hasMessageContaining(why);
      assertThat(again.isClosed()).isTrue();
      CompletableFuture<?> stage = sink.sendAsync(lent(piece(4))).toCompletableFuture();
      assertThatThrownBy(stage::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .hasMessageContaining(why);
      sink.fail(new IOException("a second one"));
      assertThatThrownBy(sink::complete).hasMessageContaining(why);
    }
    gate.heal();
    assertThat(arrived(sink)).isEqualTo(old);
  }

  @Test
  default void whatIsCompletingCanStillBeFailedWhileItIsWritten() throws Exception {
    Gate gate = requireGate();
    gate.hold();
    Sink sink = narrow();
    fill(sink);
    CompletableFuture<Long> completed = sink.completeAsync().toCompletableFuture();
    sink.fail(new IOException("enough of it"));
    gate.release();
    assertThatThrownBy(completed::get).cause().hasMessageContaining("enough of it");
    sink.close();
    assertThat(arrived(sink)).isNull();
  }

  @Test
  default void waitingSendsEndWithTheSink() throws Exception {
    Gate gate = requireGate();
    gate.hold();
    Sink sink = narrow();
    fill(sink);
    Bytes waiting = lent(piece(101));
    CompletableFuture<?> stage = sink.sendAsync(waiting).toCompletableFuture();
    CompletableFuture<?> ready = sink.whenReady().toCompletableFuture();
    sink.fail(new IOException("enough"));
    assertThatThrownBy(stage::get).cause().hasMessageContaining("enough");
    ready.get();
    assertThat(waiting.isClosed()).isTrue();
    gate.release();
    sink.close();
  }

  @Test
  default void memoryStaysLentUntilNobodyReadsIt() throws Exception {
    Gate gate = requireGate();
    gate.hold();
    Sink sink = narrow();
    fill(sink);
    while (gate.held() == 0) {
      Thread.onSpinWait();
    }
    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(
            () -> {
              try {
                sink.close();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            Thread::startVirtualThread);
    sink.fail(new IOException("enough"));
    assertThat(pool().stats().inUseBytes() + pool().stats().lentBytes())
        .isGreaterThanOrEqualTo(pieceBytes());
    assertThat(closed).isNotDone();
    gate.release();
    closed.get();
    assertThat(pool().stats().lentBytes()).isZero();
  }
}
