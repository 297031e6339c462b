package io.ringwell.net;

import static io.ringwell.net.TlsProvider.JDK;
import static io.ringwell.net.TlsProvider.OPENSSL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import io.ringwell.net.openssl.OpenSsl;
import io.ringwell.pipe.PipeRead;
import io.ringwell.testkit.TestCertificates;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS between two stages of this process, whoever encrypts at either end.
@ParameterizedClass(name = "{0} and {1}")
@CsvSource({"JDK, JDK", "OPENSSL, OPENSSL", "JDK, OPENSSL", "OPENSSL, JDK"})
class TlsTest {
  private static final int PORT = 443;

  private final TlsProvider atClient;
  private final TlsProvider atServer;

  TlsTest(TlsProvider atClient, TlsProvider atServer) {
    this.atClient = atClient;
    this.atServer = atServer;
  }

  @BeforeEach
  void providers() {
    TlsRig.assumeIsThere(atClient);
    TlsRig.assumeIsThere(atServer);
  }

  @AfterEach
  void nothingOfOpenSslIsLeft() {
    if (OPENSSL.isAvailable()) {
      assertThat(OpenSsl.connections()).isZero();
    }
  }

  private TlsOptions serving(String alias) throws IOException {
    return TlsRig.serving(atServer, alias);
  }

  private TlsOptions trusting(String alias) throws IOException {
    return TlsRig.trusting(atClient, alias);
  }

  private static Tls client(TlsRig rig, String host, TlsOptions options) throws IOException {
    return Tls.client(rig.client, host, PORT, rig.pool, options);
  }

  private static Tls server(TlsRig rig, TlsOptions options) throws IOException {
    return Tls.server(rig.server, rig.pool, options);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void carriesBytesBothWaysAtOnce(String protocol) throws Exception {
    byte[] sent = new byte[1 << 20];
    new Random(1).nextBytes(sent);
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, serving("good"));
        Tls client = client(rig, "localhost", trusting("ca").withProtocols(protocol))) {
      assertThat(client.handshake().protocol()).isEqualTo(protocol);
      CompletableFuture<byte[]> atServer = async(() -> TlsRig.readAll(server));
      CompletableFuture<byte[]> echoed = async(() -> readSome(client, sent.length));
      CompletableFuture<byte[]> down =
          async(() -> {
            server.output().write(sent, 0, sent.length);
            server.output().flush();
            return sent;
          });
      client.output().write(sent, 0, sent.length);
      client.output().flush();
      assertThat(down.get()).isSameAs(sent);
      assertThat(echoed.get()).isEqualTo(sent);
      client.output().complete();
      assertThat(atServer.get()).isEqualTo(sent);
    }
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  private static <T> CompletableFuture<T> async(Work<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        result.complete(work.run());
      } catch (IOException | RuntimeException e) {
        result.completeExceptionally(e);
      }
    });
    return result;
  }

  private static byte[] readSome(Duplex from, int bytes) throws IOException {
    byte[] all = new byte[bytes];
    int filled = 0;
    while (filled < bytes) {
      PipeRead read = from.input().read();
      int count = (int) Math.min(read.size(), bytes - filled);
      read.copyTo(read.start(), MemorySegment.ofArray(all), filled, count);
      filled += count;
      read.advance(read.start() + count);
    }
    return all;
  }

  @Test
  void nameAndProtocolAreTold() throws Exception {
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, serving("good").withApplicationProtocols("h2", "echo"));
        Tls client =
            client(rig, "localhost", trusting("ca").withApplicationProtocols("x", "echo"))) {
      TlsSession session = server.handshake();
      client.handshake();
      assertThat(client.applicationProtocol()).isEqualTo("echo");
      assertThat(server.applicationProtocol()).isEqualTo("echo");
      assertThat(session.serverName()).isEqualTo("localhost");
    }
  }

  @Test
  void withoutAProtocolInCommonThereIsNoHandshake() throws Exception {
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, serving("good").withApplicationProtocols("h2"));
        Tls client = client(rig, "localhost", trusting("ca").withApplicationProtocols("echo"))) {
      assertThatThrownBy(server::handshake).isInstanceOf(SSLException.class);
      assertThatThrownBy(client::handshake)
          .isInstanceOf(SSLException.class)
          .hasMessageMatching("(?i).*no.application.protocol.*"); // RFC 7301, 3.2: an alert
    }
  }

  @Test
  void whoOffersNoProtocolIsServedWithoutOne() throws Exception {
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, serving("good").withApplicationProtocols("h2"));
        Tls client = client(rig, "localhost", trusting("ca"))) {
      server.handshake();
      client.handshake();
      assertThat(client.applicationProtocol()).isEmpty();
      assertThat(server.applicationProtocol()).isEmpty();
    }
  }

  /// RFC 6066, 3: an address is no name.
  @Test
  void anAddressIsVerifiedAndNotSentAsName() throws Exception {
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, serving("good"));
        Tls client = client(rig, "127.0.0.1", trusting("ca"))) {
      assertThat(server.handshake().serverName()).isNull();
      client.handshake();
    }
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, serving("good"));
        Tls client = client(rig, "127.0.0.2", trusting("ca"))) {
      assertThatThrownBy(client::handshake).isInstanceOf(SSLException.class);
      assertThatThrownBy(server::handshake).isInstanceOf(SSLException.class);
    }
  }

  /// RFC 6066, 3: a name is sent without the dot that ends it in full.
  @Test
  void aNameInFullIsVerifiedAndSentWithoutItsLastDot() throws Exception {
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, serving("good"));
        Tls client = client(rig, "localhost.", trusting("ca"))) {
      assertThat(server.handshake().serverName()).isEqualTo("localhost");
      client.handshake();
    }
  }

  @Test
  void aNameThatIsNoneOfAHostConnectsWhereItIsNotVerified() throws Exception {
    // As a server, the JDK takes no such name from a client that sends it.
    assumeFalse(atClient == OPENSSL && atServer == JDK);
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, serving("good"));
        Tls client = client(rig, "a_b", trusting("ca").withVerifyName(false))) {
      TlsRig.write(client, "x");
      assertThat(TlsRig.read(server, 1)).isEqualTo("x");
      assertThat(server.handshake().serverName()).isEqualTo(atClient == OPENSSL ? "a_b" : null);
    }
  }

  @Test
  void aNameThatIsNoneOfAHostIsRefusedByTheHandshakeWhereItIsVerified() throws Exception {
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, serving("good"));
        Tls client = client(rig, "a_b", trusting("ca"))) {
      assertThatThrownBy(client::handshake).isInstanceOf(SSLException.class);
      assertThatThrownBy(server::handshake).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void otherDirectionGoesOnAfterCloseNotify() throws Exception {
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, serving("good"));
        Tls client = client(rig, "127.0.0.1", trusting("ca"))) {
      TlsRig.write(client, "question");
      client.output().complete();
      assertThat(new String(TlsRig.readAll(server), UTF_8)).isEqualTo("question");
      TlsRig.write(server, "answer");
      server.output().complete();
      assertThat(new String(TlsRig.readAll(client), UTF_8)).isEqualTo("answer");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void cutTransportIsAnErrorAfterWhatCame(String protocol) throws Exception {
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, serving("good").withProtocols(protocol));
        Tls client = client(rig, "localhost", trusting("ca"))) {
      TlsRig.write(client, "half of it");
      assertThat(TlsRig.read(server, 10)).isEqualTo("half of it");
      TlsRig.write(server, "read");
      assertThat(TlsRig.read(client, 4)).isEqualTo("read");
      // As a FIN of somebody in between: no record can come any more.
      rig.server.output().complete();
      assertThatThrownBy(() -> TlsRig.readAll(client))
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("truncated");
      assertThatThrownBy(() -> flushUntilItFails(client)).isInstanceOf(SSLException.class);
    }
  }

  private static void flushUntilItFails(Duplex to) throws IOException {
    while (true) {
      TlsRig.write(to, "more");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"old", "other", "alone"})
  void badCertificateIsRefusedAndThePeerHearsOfIt(String alias) throws Exception {
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, serving(alias));
        Tls client = client(rig, "localhost", trusting("ca"))) {
      assertThatThrownBy(() -> flushUntilItFails(client)).isInstanceOf(SSLException.class);
      assertThatThrownBy(client::handshake).isInstanceOf(SSLException.class);
      assertThatThrownBy(() -> TlsRig.readAll(client)).isInstanceOf(SSLException.class);
      // The JDK's server knows by what an OpenSSL client says of authorities that it has none of
      // them.
      String says = "(certificate|unknown.ca" + (alias.equals("alone") ? "|scheme)" : ")");
      assertThatThrownBy(() -> TlsRig.readAll(server))
          .isInstanceOf(SSLException.class)
          .hasMessageFindingMatch(says);
    }
  }

  @Test
  void unknownAuthorityIsRefused() throws Exception {
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, serving("good"));
        Tls client = client(rig, "localhost", trusting("alone"))) {
      assertThatThrownBy(client::handshake).isInstanceOf(SSLException.class);
      assertThatThrownBy(server::handshake).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void namesAreNotVerifiedWhereThatIsSaid() throws Exception {
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, serving("other"));
        Tls client = client(rig, "localhost", trusting("ca").withVerifyName(false))) {
      TlsRig.write(client, "x");
      assertThat(TlsRig.read(server, 1)).isEqualTo("x");
    }
  }

  @Test
  void clientShowsItsCertificateWhereTheServerInsists() throws Exception {
    TlsOptions insisting =
        TlsOptions.of(
                atServer.context(
                    TestCertificates.certificate("good"),
                    TestCertificates.key("good"),
                    TestCertificates.certificate("ca")))
            .withClientCertificate(true);
    TlsOptions showing =
        TlsOptions.of(
            atClient.context(
                TestCertificates.certificate("good"),
                TestCertificates.key("good"),
                TestCertificates.certificate("ca")));
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, insisting);
        Tls client = client(rig, "localhost", showing)) {
      TlsRig.write(client, "x");
      assertThat(TlsRig.read(server, 1)).isEqualTo("x");
      assertThat(server.handshake().peerCertificates()).isNotEmpty();
    }
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, insisting);
        Tls client = client(rig, "localhost", trusting("ca"))) {
      assertThatThrownBy(server::handshake).isInstanceOf(SSLException.class);
      assertThatThrownBy(() -> TlsRig.readAll(client)).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void versionsWithoutOneInCommonAreRefused() throws Exception {
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, serving("good").withProtocols("TLSv1.3"));
        Tls client = client(rig, "localhost", trusting("ca").withProtocols("TLSv1.2"))) {
      assertThatThrownBy(server::handshake).isInstanceOf(SSLException.class);
      assertThatThrownBy(client::handshake).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void silentPeerEndsTheHandshakeInTime() throws Exception {
    try (TlsRig rig = new TlsRig();
        Tls client =
            client(
                rig,
                "localhost",
                trusting("ca").withTimes(Duration.ofMillis(50), Duration.ofSeconds(30)))) {
      assertThatThrownBy(client::handshake)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("50 ms");
      assertThatThrownBy(() -> TlsRig.readAll(client)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void abortReachesBothSides() throws Exception {
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, serving("good"));
        Tls client = client(rig, "localhost", trusting("ca"))) {
      client.handshake();
      client.abort();
      assertThatThrownBy(() -> TlsRig.readAll(client)).isInstanceOf(SSLException.class);
      assertThatThrownBy(() -> TlsRig.readAll(server)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void closeWithoutReadingSendsWhatWasFlushed() throws Exception {
    try (TlsRig rig = new TlsRig();
        Tls server = server(rig, serving("good"))) {
      try (Tls client = client(rig, "localhost", trusting("ca"))) {
        TlsRig.write(client, "farewell");
      }
      assertThat(new String(TlsRig.readAll(server), UTF_8)).isEqualTo("farewell");
    }
  }

  @Test
  void withASecurePoolPlainTextRestsInSecureMemory() throws Exception {
    try (BufferPool secrets = BufferPool.secure(PoolOptions.ofMaxBytes(512 << 10));
        TlsRig rig = new TlsRig()) {
      try (Tls server = server(rig, serving("good").withPool(secrets));
          Tls client = client(rig, "localhost", trusting("ca"))) {
        TlsRig.write(client, "password");
        PipeRead read = server.input().readAtLeast(8);
        assertThat(read.isSecure()).isTrue();
        assertThatThrownBy(read::toArray).isInstanceOf(IllegalStateException.class);
        read.advance(read.end());
        TlsRig.write(server, "accepted");
        assertThat(TlsRig.read(client, 8)).isEqualTo("accepted");
      }
      assertThat(secrets.stats().inUseBytes()).isZero();
    }
  }
}
