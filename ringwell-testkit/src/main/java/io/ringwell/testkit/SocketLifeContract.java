package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineInfo;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.engine.SocketHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// How sockets come and go.
interface SocketLifeContract extends SocketCase {
  @Test
  default void aPeerThatBreaksOffIsAnError() throws IOException {
    Pair pair = pair();
    pair.client().set(StandardSocketOptions.SO_LINGER, 0);
    engine().close(pair.client());
    OperationException failure =
        failing(ECONNRESET, new Operation().receive(pair.server(), buffer(10), 0, 10));
    assertThat(failure).hasMessageContaining("ECONNRESET");
    engine().close(pair.server());
  }

  /// The kernel tells of a reset once, here to a send.
  @Test
  default void aPeerThatBreaksOffIsToldToTheReceiveAfterASend() throws IOException {
    Pair pair = pair();
    send(pair.client(), "half");
    pair.client().set(StandardSocketOptions.SO_LINGER, 0);
    engine().close(pair.client());
    sendUntilRefused(pair.server());
    assertThat(receiveText(pair.server(), 4)).isEqualTo("half");
    failing(ECONNRESET, new Operation().receive(pair.server(), buffer(10), 0, 10));
    engine().close(pair.server());
  }

  @Test
  default void aPeerThatBreaksOffAfterItsEndHasEnded() throws IOException {
    Pair pair = pair();
    send(pair.client(), "whole");
    run(new Operation().endOutput(pair.client()));
    pair.client().set(StandardSocketOptions.SO_LINGER, 0);
    engine().close(pair.client());
    sendUntilRefused(pair.server());
    assertThat(receiveText(pair.server(), 10)).isEqualTo("whole");
    assertThat(run(new Operation().receive(pair.server(), buffer(10), 0, 10))).isZero();
    engine().close(pair.server());
  }

  private void sendUntilRefused(SocketHandle socket) {
    assertThatThrownBy(
            () -> {
              while (true) {
                send(socket, "x");
              }
            })
        .isInstanceOf(OperationException.class);
  }

  @Test
  default void aCloseThatWouldWaitIsRefused() throws IOException {
    Pair pair = pair();
    assertThatThrownBy(() -> pair.client().set(StandardSocketOptions.SO_LINGER, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SO_LINGER of 1 s");
    close(pair);
  }

  @Test
  default void aConnectionThatIsRefusedIsToldWithAddressAndRemedy() throws IOException {
    SocketHandle listener = listen(SocketCase.loopback());
    InetSocketAddress gone = (InetSocketAddress) listener.localAddress();
    engine().close(listener);
    assertThat(failing(ECONNREFUSED, new Operation().connect(gone)))
        .hasMessageContaining("127.0.0.1:" + gone.getPort())
        .hasMessageContaining("nobody listens there");
  }

  @Test
  default void aPathThatNobodyListensAtIsToldByName() throws IOException {
    SocketAddress nowhere = UnixDomainSocketAddress.of(path("nowhere"));
    assertThat(failing(ENOENT, new Operation().connect(nowhere)))
        .hasMessageContaining(path("nowhere").toString());
  }

  @Test
  default void anAddressInUseIsToldWithAddressAndRemedy() throws IOException {
    SocketHandle listener = listen(SocketCase.loopback());
    InetSocketAddress taken = (InetSocketAddress) listener.localAddress();
    assertThat(failing(EADDRINUSE, new Operation().listen(taken, 1)))
        .hasMessageContaining("127.0.0.1:" + taken.getPort())
        .hasMessageContaining("another listens there");
    engine().close(listener);
    engine().close(listen(taken));
  }

  @Test
  default void aConnectGivesUpAtItsDeadline() throws IOException {
    Operation narrow = new Operation().listen(SocketCase.loopback(), 0);
    run(narrow);
    SocketAddress full = narrow.openedSocket().localAddress();
    List<SocketHandle> clients = new ArrayList<>();
    // With the backlog full the kernel drops what comes: a connect waits.
    OperationException failure = null;
    while (failure == null && clients.size() < 64) {
      long deadline = System.nanoTime() + Duration.ofMillis(150).toNanos();
      Operation connect = new Operation().connect(full).deadline(deadline);
      engine().submit(connect);
      failure = catchThrowableOfType(OperationException.class, connect::await);
      if (failure == null) {
        clients.add(connect.openedSocket());
      } else {
        assertThat(failure.errno()).as(failure.getMessage()).isEqualTo(ETIME);
        // Waits until the kernel has let go.
        assertThatThrownBy(connect::await).isInstanceOf(OperationException.class);
      }
    }
    assertThat(failure).as("the backlog is full").isNotNull();
    for (SocketHandle client : clients) {
      engine().close(client);
    }
    engine().close(narrow.openedSocket());
  }

  /// Of the Unix domain the kernel tells at once that there is no room, and never that there is.
  @Test
  default void aConnectWaitsForRoomOfAUnixListener() throws IOException {
    SocketAddress full = UnixDomainSocketAddress.of(path("full"));
    Operation narrow = new Operation().listen(full, 1);
    run(narrow);
    SocketHandle listener = narrow.openedSocket();
    List<SocketHandle> open = new ArrayList<>(List.of(connect(full), connect(full)));
    Operation late = new Operation().connect(full);
    engine().submit(late.deadline(System.nanoTime() + Duration.ofMillis(50).toNanos()));
    ContractCase.failed(ETIME, late);
    ContractCase.failed(ETIME, late);
    Operation given = new Operation().connect(full);
    engine().submit(given);
    engine().cancel(given);
    ContractCase.failed(ECANCELED, given);

    Operation waits = new Operation().connect(full);
    engine().submit(waits);
    Operation accept = new Operation().accept(listener);
    run(accept);
    open.add(accept.openedSocket());
    waits.await();
    open.add(waits.openedSocket());
    open.add(listener);
    for (SocketHandle each : open) {
      engine().close(each);
    }
  }

  @Test
  default void whatWaitsIsCancelledAndTheSocketWorksOn() throws IOException {
    SocketHandle listener = listen(SocketCase.loopback());
    Operation accept = new Operation().accept(listener);
    engine().submit(accept);
    engine().cancel(accept);
    ContractCase.failed(ECANCELED, accept);
    engine().submit(accept.accept(listener));
    SocketHandle client = connect(listener.localAddress());
    accept.await();
    SocketHandle server = accept.openedSocket();

    Operation receive = new Operation().receive(server, buffer(10), 0, 10);
    engine().submit(receive);
    engine().cancel(receive);
    ContractCase.failed(ECANCELED, receive);
    send(client, "still there");
    assertThat(receiveText(server, 11)).isEqualTo("still there");
    for (SocketHandle each : List.of(client, server, listener)) {
      engine().close(each);
    }
  }

  @Test
  default void aReceiveGivesUpAtItsDeadlineAndLosesNothing() throws IOException {
    Pair pair = pair();
    Operation receive = new Operation().receive(pair.server(), buffer(10), 0, 10);
    engine().submit(receive.deadline(System.nanoTime() + Duration.ofMillis(50).toNanos()));
    ContractCase.failed(ETIME, receive);
    ContractCase.failed(ETIME, receive);
    send(pair.client(), "late");
    assertThat(receiveText(pair.server(), 4)).isEqualTo("late");
    close(pair);
  }

  @Test
  default void manyConnectionsAtOnceAreAllAccepted() throws IOException {
    SocketHandle listener = listen(SocketCase.loopback());
    SocketAddress address = listener.localAddress();
    int count = 100;
    List<Operation> accepts = new ArrayList<>();
    List<Operation> connects = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      accepts.add(new Operation().accept(listener));
      engine().submit(accepts.getLast());
    }
    for (int i = 0; i < count; i++) {
      connects.add(new Operation().connect(address));
      engine().submit(connects.getLast());
    }
    for (int i = 0; i < count; i++) {
      connects.get(i).await();
      accepts.get(i).await();
    }
    for (int i = 0; i < count; i++) {
      engine().close(connects.get(i).openedSocket());
      engine().close(accepts.get(i).openedSocket());
    }
    engine().close(listener);
  }

  @Test
  default void aClosingEngineEndsWhatWaitsAndClosesWhatIsOpen() throws IOException {
    Engine other = another(EngineOptions.defaults().withPoolBytes(1 << 20));
    Operation listen = new Operation().listen(SocketCase.loopback(), 10);
    other.submit(listen);
    listen.await();
    SocketHandle listener = listen.openedSocket();
    Operation connect = new Operation().connect(listener.localAddress());
    other.submit(connect);
    connect.await();
    Operation first = new Operation().accept(listener);
    other.submit(first);
    first.await();
    Operation second = new Operation().accept(listener);
    other.submit(second);
    Operation receive = new Operation().receive(first.openedSocket(), buffer(10).segment());
    other.submit(receive);

    other.close();

    ContractCase.failed(ECANCELED, second);
    ContractCase.failed(ECANCELED, receive);
    assertThat(listener.isOpen()).isTrue();
    assertThatThrownBy(() -> other.submit(new Operation().accept(listener)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  default void aSocketThatIsClosedRefusesUse() throws IOException {
    Pair pair = pair();
    close(pair);
    assertThatThrownBy(() -> send(pair.client(), "x"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> pair.client().peerAddress()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  default void thoseWhoWaitForPeersTakeNoRoomFromOthers() throws IOException {
    Engine narrow = another(EngineOptions.defaults().withInFlight(4).withPoolBytes(1 << 20));
    Operation listen = new Operation().listen(SocketCase.loopback(), 10);
    narrow.submit(listen);
    listen.await();
    List<Operation> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      waiting.add(new Operation().accept(listen.openedSocket()));
      narrow.submit(waiting.getLast());
    }
    Operation nop = new Operation().nop();
    narrow.submit(nop);
    assertThat(nop.await()).isZero();
    for (Operation each : waiting) {
      narrow.cancel(each);
      ContractCase.failed(ECANCELED, each);
    }
  }

  @Test
  default void moreOperationsOnSocketsThanAreAllowedAreRefusedByName() throws IOException {
    Assumptions.assumeTrue(engine().info().kind() == EngineInfo.Kind.URING);
    Engine narrow =
        another(EngineOptions.defaults().withSocketOperations(4).withPoolBytes(1 << 20));
    Operation listen = new Operation().listen(SocketCase.loopback(), 10);
    narrow.submit(listen);
    listen.await();
    List<Operation> waiting = new ArrayList<>();
    CompletionQueue ended = new CompletionQueue();
    for (int i = 0; i < 5; i++) {
      waiting.add(new Operation().accept(listen.openedSocket()).notifying(ended));
      narrow.submit(waiting.getLast());
    }
    Operation refused = ended.take();
    assertThat(refused.errno()).isEqualTo(ENOBUFS);
    assertThatThrownBy(refused::result).hasMessageContaining("withSocketOperations");
    for (Operation each : waiting) {
      if (each != refused) {
        narrow.cancel(each);
        assertThat(ended.take().errno()).isEqualTo(ECANCELED);
      }
    }
  }
}
