package io.ringwell.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// TLS over connections.
@ParameterizedClass
@EnumSource(
    value = TestEngines.class,
    names = {"URING", "CHANNELS"})
final class TlsListenerTest extends ConnectionCase {
  private final BlockingQueue<String> failures = new ArrayBlockingQueue<>(10);

  TlsListenerTest(TestEngines kind) {
    super(kind);
  }

  private Listener listen() throws IOException {
    ListenOptions options =
        ListenOptions.defaults().withOnFailure((peer, why) -> failures.add(why.getMessage()));
    return Listener.open(engine(), ANY_PORT, options);
  }

  private static void serveTls(Listener listener, TlsHandler handler) {
    serveTls(listener, TlsProvider.best(), handler);
  }

  private static void serveTls(Listener listener, TlsProvider provider, TlsHandler handler) {
    Thread.startVirtualThread(() -> {
      try {
        listener.serve(TlsRig.serving(provider, "good"), handler);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
  }

  @Test
  void anEchoComesBackWithinTls() throws Exception {
    try (Listener listener = listen()) {
      serveTls(listener, tls -> Relay.carry(tls.input(), tls.output()));
      try (Tls tls =
          Tls.connect(engine(), listener.address(), TlsRig.trusting(TlsProvider.best(), "ca"))) {
        TlsRig.write(tls, "hello");
        assertThat(TlsRig.read(tls, 5)).isEqualTo("hello");
        tls.output().complete();
        assertThat(TlsRig.readAll(tls)).isEmpty();
      }
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void aHandlerThatFailsIsATruncationForThePeer() throws Exception {
    try (Listener listener = listen()) {
      serveTls(
          listener,
          tls -> {
            TlsRig.write(tls, "half");
            throw new IOException("out of ideas");
          });
      try (Tls tls =
          Tls.connect(engine(), listener.address(), TlsRig.trusting(TlsProvider.best(), "ca"))) {
        assertThatThrownBy(() -> TlsRig.readAll(tls)).isInstanceOf(IOException.class);
      }
    }
    assertThat(failures.take()).isEqualTo("out of ideas");
  }

  @Test
  void aPeerThatDoesNotTrustIsToldOfAndTellsWhy() throws Exception {
    try (Listener listener = listen()) {
      serveTls(listener, tls -> TlsRig.write(tls, "never"));
      try (Tls tls =
          Tls.connect(engine(), listener.address(), TlsRig.trusting(TlsProvider.best(), "alone"))) {
        assertThatThrownBy(tls::handshake).isInstanceOf(SSLException.class);
      }
      // By the names of the two providers for the peer's alert.
      assertThat(failures.take())
          .contains("no handshake")
          .containsAnyOf("certificate", "unknown ca");
    }
  }

  @Test
  void whatIsNoTlsIsAnsweredByAnAlert() throws Exception {
    try (Listener listener = listen()) {
      // OpenSSL says nothing to who speaks no TLS at all, and breaks off.
      serveTls(listener, TlsProvider.JDK, tls -> TlsRig.write(tls, "never"));
      try (Connection plain = Connection.connect(engine(), listener.address())) {
        send(plain, "GET / HTTP/1.0\r\n\r\n");
        // RFC 8446, 5.1 and 6: type 21, an alert.
        assertThat(receive(plain, 1).getBytes(UTF_8)).containsExactly(21);
      }
      assertThat(failures.take()).contains("no handshake");
    }
  }
}
