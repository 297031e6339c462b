package io.ringwell.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.net.TlsContexts;
import io.ringwell.testkit.TestCertificates;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A connection that fails is one line and ends none but itself; wrong options and files are one
/// line and end the command before it listens.
class TunnelFailuresTest {
  private static final Path CERTIFICATE = TestCertificates.certificate("good");
  private static final Path KEY = TestCertificates.key("good");
  private static final Path AUTHORITY = TestCertificates.certificate("ca");

  @TempDir Path dir;

  // ---- Connections -----------------------------------------------------------------------------

  private static String nameOf(Socket client) {
    return "127.0.0.1:" + client.getLocalPort();
  }

  /// Says something, and gets no answer.
  private static String broken(TunnelRun tunnel) throws IOException {
    try (Socket client = tunnel.connect()) {
      client.getOutputStream().write('?');
      assertThat(isEnded(client)).isTrue();
      return nameOf(client);
    }
  }

  private static boolean isEnded(Socket client) {
    try {
      return client.getInputStream().read() < 0;
    } catch (IOException e) {
      return true; // reset
    }
  }

  private static void echoes(Socket client) throws IOException {
    client.getOutputStream().write("still".getBytes(US_ASCII));
    assertThat(new String(client.getInputStream().readNBytes(5), US_ASCII)).isEqualTo("still");
  }

  @Test
  void aTargetThatRefusesIsNamedAndLaterConnectionsAreCarried() throws Exception {
    int port;
    try (ServerSocket server = TunnelRun.server()) {
      port = server.getLocalPort();
    }
    try (TunnelRun tunnel = TunnelRun.toHost("127.0.0.1", port)) {
      String client = broken(tunnel);
      assertThat(tunnel.error()).contains(client, "127.0.0.1:" + port, "ECONNREFUSED");
      try (ServerSocket server = new ServerSocket(port, 10, TunnelRun.HERE)) {
        TunnelRun.echo(server);
        try (Socket later = tunnel.connect()) {
          echoes(later);
        }
      }
      assertThat(tunnel.errors()).isEmpty();
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    assertThat(refusal("other")).contains("localhost");
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
    assertThat(refusal("alone")).contains("no handshake");
  }

  @Test
  void aCertificateThatIsTooOldIsRefused() throws Exception {
    assertThat(refusal("old")).contains("expired");
  }

  /// The line about a target that shows this certificate.
  private static String refusal(String shown) throws Exception {
    Path certificate = TestCertificates.certificate(shown);
    try (ServerSocket server =
            TlsContexts.of(certificate, TestCertificates.key(shown), null)
                .getServerSocketFactory()
                .createServerSocket(0, 10, TunnelRun.HERE);
        TunnelRun tunnel = TunnelRun.to(server.getLocalPort(), "--client", "--ca", AUTHORITY)) {
      TunnelRun.echo(server);
      String client = broken(tunnel);
      String line = tunnel.error();
      assertThat(line).contains(client, "localhost:" + server.getLocalPort(), "no handshake");
      assertThat(tunnel.errors()).isEmpty();
      return line;
    }
  }

  @Test
  void aTargetThatSpeaksNoTlsIsTold() throws Exception {
    try (ServerSocket server = TunnelRun.server();
        TunnelRun tunnel = TunnelRun.to(server.getLocalPort(), "--client", "--ca", AUTHORITY)) {
      TunnelRun.serve(
          server, socket -> socket.getOutputStream().write("220 ready\r\n".getBytes(US_ASCII)));
      String client = broken(tunnel);
      assertThat(tunnel.error()).contains(client, "localhost:" + server.getLocalPort());
    }
  }

  @Test
  void aClientThatSpeaksNoTlsOrDoesNotTrustIsToldAndOthersAreCarried() throws Exception {
    try (ServerSocket server = TunnelRun.server();
        TunnelRun tunnel =
            TunnelRun.to(server.getLocalPort(), "--cert", CERTIFICATE, "--key", KEY)) {
      TunnelRun.echo(server);
      String plain;
      try (Socket client = tunnel.connect()) {
        client.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
        plain = nameOf(client);
        assertThat(tunnel.error()).contains(plain, "no handshake");
      }
      try (SSLSocket distrustful = connect("alone", tunnel.port())) {
        String name = nameOf(distrustful);
        assertThatThrownBy(distrustful::startHandshake).isInstanceOf(SSLException.class);
        assertThat(tunnel.error()).contains(name, "no handshake");
      }
      try (SSLSocket client = connect("ca", tunnel.port())) {
        echoes(client);
      }
      assertThat(tunnel.errors()).isEmpty();
    }
  }

  private static SSLSocket connect(String trusted, int port) throws IOException {
    return (SSLSocket)
        TlsContexts.client(TestCertificates.certificate(trusted))
            .getSocketFactory()
            .createSocket("localhost", port);
  }

  /// What is carried while the command ends is broken off, and counted.
  @Test
  void ctrlCBreaksOffWhatIsCarried() throws Exception {
    Socket client;
    TunnelRun tunnel;
    try (ServerSocket server = TunnelRun.server()) {
      TunnelRun.echo(server);
      tunnel = TunnelRun.to(server.getLocalPort());
      client = tunnel.connect();
      echoes(client);
      tunnel.close();
    }
    try (client) {
      assertThat(isEnded(client)).isTrue();
    }
    assertThat(tunnel.error()).contains("1 connection broken off");
    assertThat(tunnel.errors()).isEmpty();
  }

  // ---- Options and files -----------------------------------------------------------------------

  private static Run run(Object... args) {
    List<Object> all =
        new ArrayList<>(List.of("tunnel", "--listen", "127.0.0.1:0", "--to", "127.0.0.1:1"));
    all.addAll(Arrays.asList(args));
    return Run.of(all.toArray());
  }

  @Test
  void optionsThatDoNotGoTogetherAreRefused() {
    run("--cert", CERTIFICATE).fails("--key");
    run("--key", KEY).fails("--cert");
    run("--ca", AUTHORITY).fails("--client");
    run("--connections", 0).fails("--connections", "0");
    run("--connections", 100_000).fails("--connections", "4000");
    Run.of("tunnel", "--listen", "127.0.0.1:0", "--to", "unix:/nowhere", "--client")
        .fails("--client", "unix:/nowhere");
  }

  @Test
  void filesThatAreNotWhatTheyShouldBeAreNamed() throws IOException {
    Path missing = dir.resolve("missing.pem");
    Path text = Files.writeString(dir.resolve("text.pem"), "not a certificate\n");
    Path other = TestCertificates.key("other");
    run("--cert", missing, "--key", KEY).fails(missing, "no such file");
    run("--cert", CERTIFICATE, "--key", missing).fails(missing, "no such file");
    run("--client", "--ca", missing).fails(missing, "no such file");
    run("--cert", dir, "--key", KEY).fails(dir, "directory");
    run("--cert", CERTIFICATE, "--key", dir).fails(dir);
    run("--client", "--ca", dir).fails(dir, "directory");
    run("--cert", text, "--key", KEY).fails(text, "no certificate");
    run("--cert", CERTIFICATE, "--key", text).fails(text);
    run("--client", "--ca", text).fails(text, "no certificate");
    run("--cert", CERTIFICATE, "--key", other).fails(other);
  }
}
