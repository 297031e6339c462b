package io.ringwell.net;

import static io.ringwell.net.TlsProvider.OPENSSL;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.net.openssl.OpenSsl;
import io.ringwell.testkit.TestCertificates;
import java.io.IOException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Records without plain text and one with it that a client finds together, and nothing behind
/// them: it shows all of the plain text, and does not wait for more to come.
@ParameterizedClass
@EnumSource
class TlsFlightTest {
  private static final int IN_ONE = Integer.MAX_VALUE;

  private final TlsProvider atClient;

  TlsFlightTest(TlsProvider atClient) {
    this.atClient = atClient;
  }

  @BeforeEach
  void provider() {
    TlsRig.assumeIsThere(atClient);
  }

  @AfterEach
  void nothingOfOpenSslIsLeft() {
    if (OPENSSL.isAvailable()) {
      assertThat(OpenSsl.connections()).isZero();
    }
  }

  private interface Between {
    void say(SSLEngine engine, HandServer server) throws IOException;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4096, 4097, 5000, 6800, 16_384, 40_000})
  void allBehindTicketsOfOpenSslIsShown(int bytes) throws Exception {
    TlsRig.assumeIsThere(OPENSSL);
    behindTickets(bytes, IN_ONE);
  }

  /// So that the first of two fragments ends within a header, a ticket, or what is behind them.
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 6, 100, 255, 300, 515, 5000})
  void allBehindTicketsOfOpenSslInPartsIsShown(int split) throws Exception {
    TlsRig.assumeIsThere(OPENSSL);
    behindTickets(6800, split);
  }

  private void behindTickets(int bytes, int split) throws Exception {
    TlsOptions serving = TlsRig.serving(OPENSSL, "good");
    showsAll(serving.context().server(serving, false), _ -> {}, bytes, split);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4096, 4097, 5000, 6800, 16_384, 40_000})
  void allBehindATicketOfTheJdkIsShown(int bytes) throws Exception {
    behind((_, _) -> {}, bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5000, 16_384})
  void allBehindNewKeysIsShown(int bytes) throws Exception {
    behind(
        (engine, server) -> {
          server.send(IN_ONE);
          engine.beginHandshake(); // TLS 1.3: a KeyUpdate
          server.say();
        },
        bytes);
  }

  private void behind(Between between, int bytes) throws Exception {
    SSLEngine engine = TestCertificates.server().createSSLEngine();
    engine.setUseClientMode(false);
    engine.beginHandshake();
    showsAll(new JdkTlsEngine(engine), server -> between.say(engine, server), bytes, IN_ONE);
  }

  private interface Step {
    void take(HandServer server) throws IOException;
  }

  private void showsAll(TlsEngine engine, Step step, int bytes, int split) throws Exception {
    String sent = "0123456789abcdef?".repeat(bytes / 17 + 1).substring(0, bytes);
    try (TlsRig rig = new TlsRig();
        HandServer server = new HandServer(engine, rig);
        Tls client =
            Tls.client(rig.client, "localhost", 443, rig.pool, TlsRig.trusting(atClient, "ca"))) {
      server.shake();
      step.take(server);
      server.seal(sent);
      server.send(split);
      FutureTask<String> reading = new FutureTask<>(() -> TlsRig.read(client, bytes));
      Thread.startVirtualThread(reading);
      assertThat(reading.get(20, TimeUnit.SECONDS)).isEqualTo(sent);
    }
  }
}
