package io.ringwell.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.ringwell.sys.Errno;
import io.ringwell.uring.RingUnavailableException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a ring has taken ends, and so does its engine, when the ring's thread has failed.
@Timeout(30)
final class DeadRingTest {
  private static final int CAPACITY = 16;

  private static Engine ring() {
    try {
      return Engine.uring(EngineOptions.defaults().withQueueCapacity(CAPACITY));
    } catch (RingUnavailableException e) {
      return abort("no io_uring here: " + e.getMessage());
    }
  }

  /// Fails the thread that completes it when `go` is open; the operation itself is done.
  private static Operation fatal(Engine engine, CountDownLatch go) throws InterruptedIOException {
    Operation op = new Operation().nop();
    op.begin(engine);
    EngineAccess.intercept(
        op,
        (done, result) -> {
          EngineAccess.deliver(done, null, result);
          try {
            go.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          throw new IllegalStateException("the ring's thread fails, as this test wants it");
        });
    if (!engine.accept(op)) {
      engine.awaitRoom(op);
    }
    return op;
  }

  private static SocketHandle listener(Engine engine) throws IOException {
    Operation listen =
        new Operation().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    engine.submit(listen);
    listen.await();
    return listen.openedSocket();
  }

  /// What was submitted before is in flight.
  private static void pass(Engine engine) throws IOException {
    Operation nop = new Operation().nop();
    engine.submit(nop);
    nop.await();
  }

  private static void failed(int errno, Operation op) {
    assertThatThrownBy(op::await)
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @Test
  void whatWaitsForAPeerIsCancelled() throws IOException {
    try (Engine engine = ring()) {
      SocketHandle listener = listener(engine);
      List<Operation> accepts = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        accepts.add(new Operation().accept(listener));
        engine.submit(accepts.getLast());
      }
      pass(engine);
      fatal(engine, new CountDownLatch(0)).await();
      for (Operation accept : accepts) {
        failed(Errno.ECANCELED, accept);
      }
    }
  }

  @Test
  void secondFailureDoesNotHoldTheRest() throws IOException {
    try (Engine engine = ring()) {
      SocketHandle listener = listener(engine);
      Operation first = new Operation().accept(listener);
      first.begin(engine);
      EngineAccess.intercept(
          first,
          (done, result) -> {
            EngineAccess.deliver(done, null, result);
            throw new IllegalStateException("and fails again");
          });
      assertThat(engine.accept(first)).isTrue();
      Operation second = new Operation().accept(listener);
      engine.submit(second);
      pass(engine);
      fatal(engine, new CountDownLatch(0)).await();
      failed(Errno.ECANCELED, first);
      failed(Errno.ECANCELED, second);
    }
  }

  @Test
  void whoWaitsForRoomIsTold() throws Exception {
    try (Engine engine = ring()) {
      CountDownLatch go = new CountDownLatch(1);
      fatal(engine, go).await();
      List<Operation> queued = new ArrayList<>();
      Operation next = new Operation().nop();
      while (engine.trySubmit(next)) {
        queued.add(next);
        next = new Operation().nop();
      }
      Operation late = next;
      Thread submitter = Thread.ofPlatform().start(() -> submit(engine, late));
      while (submitter.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      go.countDown();
      submitter.join();
      queued.add(late);
      for (Operation each : queued) {
        failed(Errno.EIO, each);
      }
    }
  }

  private static void submit(Engine engine, Operation op) {
    try {
      engine.submit(op);
    } catch (InterruptedIOException e) {
      throw new AssertionError(e);
    }
  }
}
