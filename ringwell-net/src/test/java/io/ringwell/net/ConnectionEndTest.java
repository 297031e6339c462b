package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.BufferPool;
import io.ringwell.pipe.FlushResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How connections end, on every engine.
@ParameterizedClass
@EnumSource(TestEngines.class)
final class ConnectionEndTest extends ConnectionCase {
  ConnectionEndTest(TestEngines kind) {
    super(kind);
  }

  @Test
  void aPeerThatBreaksOffEndsBothDirectionsWithItsName() throws Exception {
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      CompletableFuture<Connection> accepted = accept(listener);
      Connection client = Connection.connect(engine(), listener.address());
      try (Connection server = accepted.get()) {
        Address name = client.localAddress();
        client.abort();
        assertThatThrownBy(() -> server.input().read())
            .isInstanceOf(ConnectionException.class)
            .hasMessageContaining(name.toString())
            .hasMessageContaining("ECONNRESET");
        server.whenClosed().toCompletableFuture().join();
        assertThatThrownBy(() -> send(server, "x")).isInstanceOf(ConnectionException.class);
        client.close();
      }
    }
  }

  /// The kernel tells of a reset once: to the send, or to the receive.
  @ParameterizedTest
  @ValueSource(ints = {64, 5_000})
  void aResetInTheMidstOfSendsIsNoEndOfTheInput(int flushBytes) throws Exception {
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      for (int round = 0; round < 200; round++) {
        CompletableFuture<Connection> accepted = accept(listener);
        Connection client = Connection.connect(engine(), listener.address());
        try (Connection server = accepted.get()) {
          CompletableFuture<Void> sending = new CompletableFuture<>();
          Thread sender = Thread.startVirtualThread(() -> sendOn(server, flushBytes, sending));
          sending.get();
          client.abort();
          assertThatThrownBy(() -> server.input().read())
              .as("round %s", round)
              .isInstanceOf(ConnectionException.class)
              .hasMessageContaining("ECONNRESET");
          sender.join();
        }
        client.close();
      }
    }
  }

  /// Sends until that fails.
  private static void sendOn(Connection to, int flushBytes, CompletableFuture<Void> sending) {
    byte[] block = new byte[flushBytes];
    try {
      while (to.output().tryFlush() != FlushResult.COMPLETED) {
        to.output().write(block, 0, block.length);
        sending.complete(null);
      }
    } catch (IOException e) {
      sending.completeExceptionally(e); // changes nothing where it has sent before
    }
  }

  @Test
  void aPeerThatSaysNothingIsGivenUp() throws Exception {
    ConnectionOptions options =
        ConnectionOptions.defaults().withReceiveTime(Duration.ofMillis(100));
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      CompletableFuture<Connection> accepted = accept(listener);
      try (Connection client = Connection.connect(engine(), listener.address(), options);
          Connection server = accepted.get()) {
        assertThatThrownBy(() -> client.input().read())
            .isInstanceOf(ConnectionException.class)
            .hasMessageContaining("nothing came for 100 ms");
        client.whenClosed().toCompletableFuture().join();
        assertThatThrownBy(() -> server.input().read()).isInstanceOf(ConnectionException.class);
      }
    }
  }

  @Test
  void aPeerThatTakesNothingIsGivenUp() throws Exception {
    ConnectionOptions options = ConnectionOptions.defaults().withSendTime(Duration.ofMillis(200));
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      CompletableFuture<Connection> accepted = accept(listener);
      try (Connection client = Connection.connect(engine(), listener.address(), options);
          Connection server = accepted.get()) {
        byte[] block = new byte[64 << 10];
        assertThatThrownBy(
                () -> {
                  while (true) {
                    client.output().write(block, 0, block.length);
                    client.output().flush();
                  }
                })
            .isInstanceOf(ConnectionException.class)
            .hasMessageContaining("200 ms");
        client.whenClosed().toCompletableFuture().join();
        assertThat(server.input().readAtLeast(1).size()).isPositive();
        server.abort();
      }
    }
  }

  @Test
  void closesOfBothEndsAtOnceLeakNothing() throws Exception {
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      for (int i = 0; i < 50; i++) {
        CompletableFuture<Connection> accepted = accept(listener);
        Connection client = Connection.connect(engine(), listener.address());
        Connection server = accepted.get();
        send(client, "some");
        Thread other = Thread.startVirtualThread(i % 2 == 0 ? server::close : server::abort);
        if (i % 3 == 0) {
          client.abort();
        }
        client.close();
        other.join();
        server.close();
      }
    }
  }

  @Test
  void aClosedEngineEndsItsConnections() throws Exception {
    Listener listener = Listener.open(engine(), ANY_PORT);
    CompletableFuture<Connection> accepted = accept(listener);
    Connection client = Connection.connect(engine(), listener.address());
    Connection server = accepted.get();
    engine().close();
    assertThatThrownBy(() -> client.input().read()).isInstanceOf(IOException.class);
    client.close();
    server.close();
  }

  @Test
  void whatIsJustBeingAcceptedIsBrokenOffWithTheOthers() throws Exception {
    AtomicReference<@Nullable Listener> aborted = new AtomicReference<>();
    BufferPool pool =
        WatchedPool.of(
            engine().pool(),
            () -> {
              Listener listener = aborted.getAndSet(null);
              if (listener != null) {
                listener.abort(); // a connection that starts takes its first memory
              }
            });
    try (Listener listener = Listener.open(engine(), ANY_PORT, listening(pool))) {
      aborted.set(listener);
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), listener.address().port())) {
        Connection server = listener.accept();
        assertThat(aborted.get()).isNull();
        assertThat(server).isNotNull();
        server.whenClosed().toCompletableFuture().get(20, TimeUnit.SECONDS);
        server.close();
      }
    }
  }
}
