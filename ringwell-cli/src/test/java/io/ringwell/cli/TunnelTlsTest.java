package io.ringwell.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.net.TlsContexts;
import io.ringwell.net.TlsProvider;
import io.ringwell.testkit.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS on either side of a tunnel, in ordinary and in secure memory.
@ParameterizedClass
@EnumSource
class TunnelTlsTest {
  enum Memory {
    ORDINARY,
    SECURE
  }

  private static final Path CERTIFICATE = TestCertificates.certificate("good");
  private static final Path KEY = TestCertificates.key("good");
  private static final Path AUTHORITY = TestCertificates.certificate("ca");
  private static final int MUCH = 3 << 20;

  private final Memory memory;

  TunnelTlsTest(Memory memory) {
    this.memory = memory;
  }

  @BeforeEach
  void openSslIsThere() {
    assumeTrue(
        memory == Memory.ORDINARY || TlsProvider.OPENSSL.isAvailable(),
        TlsProvider.OPENSSL.whyAbsent());
  }

  private Object[] with(Object... args) {
    return memory == Memory.ORDINARY
        ? args
        : Stream.concat(Arrays.stream(args), Stream.of("--secure", "--connections", 4)).toArray();
  }

  private TunnelRun terminating(int port) throws IOException {
    return TunnelRun.to(port, with("--cert", CERTIFICATE, "--key", KEY));
  }

  private TunnelRun originating(int port) throws IOException {
    return TunnelRun.to(port, with("--client", "--ca", AUTHORITY));
  }

  private static SSLSocket connectTls(int port, String... protocols) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            TlsContexts.client(AUTHORITY).getSocketFactory().createSocket("localhost", port);
    socket.setEnabledProtocols(protocols);
    return socket;
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
  }

  private static String hear(Socket socket, int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), US_ASCII);
  }

  /// What is sent comes back, all of it under way at once.
  private static void exchange(Socket client) throws Exception {
    byte[] sent = new byte[MUCH];
    new Random(1).nextBytes(sent);
    FutureTask<Void> sending =
        new FutureTask<>(() -> {
          client.getOutputStream().write(sent);
          client.shutdownOutput();
          return null;
        });
    Thread.startVirtualThread(sending);
    byte[] back = client.getInputStream().readAllBytes();
    sending.get();
    assertThat(Arrays.mismatch(back, sent)).as("the first byte that differs").isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void whoSpeaksTlsReachesAPlainServer(String protocol) throws Exception {
    try (ServerSocket server = TunnelRun.server();
        TunnelRun tunnel = terminating(server.getLocalPort())) {
      TunnelRun.echo(server);
      assertThat(tunnel.said()).contains("(TLS to plain)");
      try (SSLSocket client = connectTls(tunnel.port(), protocol)) {
        say(client, "hello");
        assertThat(hear(client, 5)).isEqualTo("hello");
        assertThat(client.getSession().getProtocol()).isEqualTo(protocol);
      }
      assertThat(tunnel.errors()).isEmpty();
    }
  }

  @Test
  void opensslReachesAPlainServer() throws Exception {
    Path openssl = Path.of("/usr/bin/openssl");
    assumeTrue(Files.isExecutable(openssl), "no openssl(1): apt-get install openssl");
    try (ServerSocket server = TunnelRun.server();
        TunnelRun tunnel = terminating(server.getLocalPort())) {
      TunnelRun.serve(server, socket -> say(socket, "heard " + hear(socket, 9)));
      Process client =
          new ProcessBuilder(
                  List.of(
                      openssl.toString(),
                      "s_client",
                      "-quiet",
                      "-connect",
                      "localhost:" + tunnel.port(),
                      "-CAfile",
                      AUTHORITY.toString(),
                      "-verify_return_error"))
              .redirectErrorStream(true)
              .start();
      client.getOutputStream().write("one line\n".getBytes(US_ASCII));
      client.getOutputStream().flush();
      String said = new String(client.getInputStream().readAllBytes(), US_ASCII);
      client.waitFor();
      assertThat(said).contains("heard one line");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void whoSpeaksNoTlsReachesATlsServer(String protocol) throws Exception {
    try (SSLServerSocket server =
            (SSLServerSocket)
                TestCertificates.server()
                    .getServerSocketFactory()
                    .createServerSocket(0, 100, TunnelRun.HERE);
        TunnelRun tunnel = originating(server.getLocalPort())) {
      server.setEnabledProtocols(new String[] {protocol});
      TunnelRun.echo(server);
      assertThat(tunnel.said()).contains("(plain to TLS)");
      try (Socket client = tunnel.connect()) {
        say(client, "hello");
        assertThat(hear(client, 5)).isEqualTo("hello");
      }
      assertThat(tunnel.errors()).isEmpty();
    }
  }

  @Test
  void muchGoesBothWaysAtOnceThroughTwoTunnels() throws Exception {
    try (ServerSocket server = TunnelRun.server();
        TunnelRun second = terminating(server.getLocalPort());
        TunnelRun first = originating(second.port())) {
      TunnelRun.echo(server);
      FutureTask<Void> other =
          new FutureTask<>(() -> {
            try (Socket client = first.connect()) {
              exchange(client);
            }
            return null;
          });
      Thread.startVirtualThread(other);
      try (Socket client = first.connect()) {
        exchange(client);
      }
      other.get();
      assertThat(first.errors()).isEmpty();
      assertThat(second.errors()).isEmpty();
    }
  }

  /// With `--cert` and `--client`.
  @Test
  void tlsIsOpenedAndSealedAgain() throws Exception {
    try (ServerSocket server = TunnelRun.server();
        TunnelRun last = terminating(server.getLocalPort());
        TunnelRun middle =
            TunnelRun.to(
                last.port(),
                with("--cert", CERTIFICATE, "--key", KEY, "--client", "--ca", AUTHORITY))) {
      TunnelRun.echo(server);
      assertThat(middle.said()).contains("(TLS to TLS)");
      try (SSLSocket client = connectTls(middle.port(), "TLSv1.3")) {
        exchange(client);
      }
      assertThat(middle.errors()).isEmpty();
    }
  }

  /// While a client says nothing more the server still speaks, and the other way around.
  @Test
  void theEndOfOneDirectionPassesThrough() throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    try (ServerSocket server = TunnelRun.server();
        TunnelRun second = terminating(server.getLocalPort());
        TunnelRun first = originating(second.port())) {
      TunnelRun.serve(
          server,
          socket -> {
            say(socket, "first");
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                .isEqualTo("last");
            heard.countDown();
          });
      try (Socket client = first.connect()) {
        assertThat(new String(client.getInputStream().readAllBytes(), US_ASCII)).isEqualTo("first");
        say(client, "last");
        client.shutdownOutput();
        heard.await();
      }
      assertThat(first.errors()).isEmpty();
      assertThat(second.errors()).isEmpty();
    }
  }

  @Test
  void aClientThatBreaksOffIsAResetForTheServer() throws Exception {
    try (ServerSocket server = TunnelRun.server();
        TunnelRun second = terminating(server.getLocalPort());
        TunnelRun first = originating(second.port())) {
      CountDownLatch reset = new CountDownLatch(1);
      TunnelRun.serve(
          server,
          socket -> {
            say(socket, "go");
            assertThatThrownBy(() -> socket.getInputStream().readAllBytes())
                .isInstanceOf(SocketException.class);
            reset.countDown();
          });
      String name;
      try (Socket client = first.connect()) {
        assertThat(hear(client, 2)).isEqualTo("go");
        name = "127.0.0.1:" + client.getLocalPort();
        client.setSoLinger(true, 0);
      }
      reset.await();
      assertThat(first.error()).contains(name);
      assertThat(second.error()).contains("127.0.0.1:");
    }
  }

  @Test
  void aServerThatBreaksOffIsAResetForTheClient() throws Exception {
    try (ServerSocket server = TunnelRun.server();
        TunnelRun second = terminating(server.getLocalPort());
        TunnelRun first = originating(second.port())) {
      TunnelRun.serve(
          server,
          socket -> {
            assertThat(hear(socket, 2)).isEqualTo("go");
            socket.setSoLinger(true, 0);
          });
      try (Socket client = first.connect()) {
        OutputStream out = client.getOutputStream();
        out.write("go".getBytes(US_ASCII));
        assertThatThrownBy(() -> client.getInputStream().readAllBytes())
            .isInstanceOf(SocketException.class);
      }
      assertThat(second.error()).contains("127.0.0.1:");
      assertThat(first.error()).contains("127.0.0.1:");
    }
  }
}
