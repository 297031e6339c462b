package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.EngineInfo;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/// Sends that are tried on the caller's thread first. An engine may leave each of them to be
/// submitted.
interface SocketSendNowContract extends SocketCase {
  int PIECE = 4 << 10;

  @Test
  default void whatFindsRoomIsSentOnTheCallersThread() throws IOException {
    Pair pair = pair();
    IoBuffer from = buffer(100);
    Operation op = new Operation();
    int hits = 0;
    for (int round = 0; round < 64; round++) {
      byte[] content = ContractCase.pattern(round, 100);
      from.segment().copyFrom(MemorySegment.ofArray(content));
      hits += sendEitherWay(op.send(pair.client(), from, 0, 100)) ? 1 : 0;
      assertThat(op.result()).isEqualTo(100);
      assertThat(receive(pair.server(), 100)).isEqualTo(content);
    }
    if (engine().info().kind() == EngineInfo.Kind.URING) {
      assertThat(hits).isPositive();
      assertThat(engine().stats().operations()).isGreaterThan(engine().stats().handedOff());
    }
    close(pair);
  }

  /// @return whether it was sent at once
  private boolean sendEitherWay(Operation op) throws IOException {
    if (engine().tryNow(op)) {
      return true;
    }
    assertThat(run(op)).isPositive();
    return false;
  }

  /// More than any socket holds: the receiver begins when a send has found no room.
  @Test
  default void whatFindsNoRoomGoesOnThroughTheEngine() throws Exception {
    int pieces = 5000;
    Pair pair = pair();
    byte[] content = ContractCase.pattern(1, PIECE + 251);
    IoBuffer from = buffer(content.length);
    from.segment().copyFrom(MemorySegment.ofArray(content));
    CountDownLatch full = new CountDownLatch(1);
    FutureTask<Integer> sending =
        new FutureTask<>(() -> {
          Operation op = new Operation();
          int misses = 0;
          for (int i = 0; i < pieces; i++) {
            op.send(pair.client(), from, i % 251, PIECE);
            if (!engine().tryNow(op)) {
              misses++;
              engine().submit(op);
              full.countDown();
              op.await();
            }
          }
          return misses;
        });
    Thread.startVirtualThread(sending);
    full.await();
    for (int i = 0; i < pieces; i++) {
      byte[] piece = receive(pair.server(), PIECE);
      assertThat(
              MemorySegment.ofArray(piece)
                  .mismatch(MemorySegment.ofArray(content).asSlice(i % 251, PIECE)))
          .as("piece %d", i)
          .isEqualTo(-1);
    }
    assertThat(sending.get()).isPositive();
    close(pair);
  }

  @Test
  default void aPeerThatIsGoneIsToldOfByTheEngine() throws IOException {
    Pair pair = pair();
    pair.server().set(StandardSocketOptions.SO_LINGER, 0);
    engine().close(pair.server());
    Operation op = new Operation();
    IoBuffer from = buffer(10);
    assertThatThrownBy(
            () -> {
              while (sendEitherWay(op.send(pair.client(), from, 0, 10)) || op.result() > 0) {
                // Until the reset has come.
              }
            })
        .isInstanceOf(OperationException.class)
        .satisfies(
            e -> assertThat(((OperationException) e).errnoName()).isIn("EPIPE", "ECONNRESET"));
    engine().close(pair.client());
  }

  @Test
  default void whatIsAskedForBesidesIsLeftToTheEngine() throws IOException {
    Pair pair = pair();
    IoBuffer from = buffer(64 << 10);
    for (Operation op :
        List.of(
            new Operation().send(pair.client(), from, 0, 10).zeroCopy(),
            new Operation().send(pair.client(), from, 0, 10).listener(_ -> {}),
            new Operation().send(pair.client(), from, 0, 64 << 10))) {
      assertThat(engine().tryNow(op)).isFalse();
      run(op);
    }
    assertThat(receive(pair.server(), (64 << 10) + 20)).hasSize((64 << 10) + 20);
    close(pair);
  }
}
