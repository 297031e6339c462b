package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Connects that come to nothing, on every engine.
@ParameterizedClass
@EnumSource(TestEngines.class)
final class ConnectTest extends ConnectionCase {
  /// Connections, more than any backlog of 1 takes.
  private static final int MANY = 64;

  ConnectTest(TestEngines kind) {
    super(kind);
  }

  @Test
  void aConnectThatNobodyAnswersIsGivenUp() throws Exception {
    List<Connection> waiting = new ArrayList<>();
    try (Listener listener = full(waiting)) {
      assertThat(waiting.size()).isLessThan(MANY);
      assertThatThrownBy(() -> connectShortly(listener))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(listener.address().toString());
    }
    letGo(waiting);
  }

  /// Where the host has another address, that one is not tried.
  @Test
  void aConnectThatIsInterruptedEndsAtOnce() throws Exception {
    List<Connection> waiting = new ArrayList<>();
    try (Listener listener = full(waiting)) {
      Address host = Address.of("localhost", listener.address().port());
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> Connection.connect(engine(), host))
          .isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).as("the thread stays interrupted").isTrue();
    }
    letGo(waiting);
  }

  /// A listener whose backlog is full: the kernel drops what comes, and a connect waits.
  private Listener full(List<Connection> waiting) throws IOException {
    Listener listener = Listener.open(engine(), ANY_PORT, ListenOptions.defaults().withBacklog(1));
    try {
      while (waiting.size() < MANY) {
        waiting.add(connectShortly(listener));
      }
    } catch (ConnectionException e) {
      assertThat(e).hasMessageContaining("no answer");
    }
    return listener;
  }

  private Connection connectShortly(Listener to) throws IOException {
    Duration time = Duration.ofMillis(200);
    return Connection.connect(
        engine(), to.address(), ConnectionOptions.defaults().withConnectTime(time));
  }

  private static void letGo(List<Connection> waiting) {
    for (Connection each : waiting) {
      each.abort();
      each.close();
      each.whenClosed().toCompletableFuture().join();
    }
  }

  @Test
  void aRefusedConnectionNamesAddressAndRemedy() throws Exception {
    Listener listener = Listener.open(engine(), ANY_PORT);
    Address gone = listener.address();
    listener.close();
    assertThatThrownBy(() -> Connection.connect(engine(), gone))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(gone.toString())
        .hasMessageContaining("ECONNREFUSED")
        .hasMessageContaining("start the server");
  }
}
