package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// An echo server whose clients are killed (SIGKILL): neither memory nor a socket is left, and the
/// server is told of nothing worse than an [IOException].
@ParameterizedClass
@EnumSource(
    value = TestEngines.class,
    names = {"URING", "THREADS"})
@EnabledOnOs(OS.LINUX)
final class KilledClientsTest extends ConnectionCase {
  private static final int CLIENTS = 8;

  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  KilledClientsTest(TestEngines kind) {
    super(kind);
  }

  @SuppressWarnings("try") // Closed within the block, so that serving ends.
  @ParameterizedTest
  @CsvSource({
    "WAITING, OPENSSL",
    "SENDING, OPENSSL",
    "TLS_WAITING, OPENSSL",
    "TLS_SENDING, OPENSSL",
    "TLS_WAITING, JDK",
    "TLS_SENDING, JDK"
  })
  void killedClientsLeaveNothing(ClientProcess kind, TlsProvider provider) throws Exception {
    if (kind.isTls()) {
      TlsRig.assumeIsThere(provider);
    }
    ListenOptions options =
        ListenOptions.defaults().withOnFailure((peer, failure) -> failures.add(failure));
    try (Listener listener = Listener.open(engine(), ANY_PORT, options)) {
      Thread serving = Thread.startVirtualThread(() -> serve(listener, kind, provider));
      List<Process> clients = new ArrayList<>();
      try {
        for (int i = 0; i < CLIENTS; i++) {
          clients.add(kind.start(listener.address().port()));
        }
        for (Process each : clients) {
          assertThat(each.getInputStream().read()).as("the echo's first byte").isNotNegative();
        }
        assertThat(listener.connections()).isEqualTo(CLIENTS);
      } finally {
        clients.forEach(Process::destroyForcibly);
      }
      while (listener.connections() > 0) {
        Thread.onSpinWait();
      }
      listener.close();
      serving.join();
    }
    while (kind == ClientProcess.TLS_WAITING && failures.size() < CLIENTS) {
      Thread.onSpinWait(); // no close_notify came; a plain end is an end
    }
    assertThat(List.copyOf(failures))
        .allSatisfy(each -> assertThat(each).isInstanceOf(IOException.class));
  }

  private void serve(Listener listener, ClientProcess kind, TlsProvider provider) {
    try {
      if (kind.isTls()) {
        listener.serve(
            TlsRig.serving(provider, "good"), tls -> Relay.carry(tls.input(), tls.output()));
      } else {
        listener.serve(peer -> Relay.carry(peer.input(), peer.output()));
      }
    } catch (IOException | RuntimeException e) {
      failures.add(new AssertionError("serving has ended", e));
    }
  }
}
