package io.ringwell.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import io.ringwell.pipe.PipeRead;
import io.ringwell.testkit.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The stage with openssl(1) and curl(1) at the other end.
@ParameterizedClass
@EnumSource
class TlsToolsTest {
  private static final Path OPENSSL = Path.of("/usr/bin/openssl");
  private static final Path CURL = Path.of("/usr/bin/curl");

  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(16 << 20));
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final List<Process> processes = new ArrayList<>();

  /// Of the server here: how connections failed, and what has come of a line before its end.
  private final BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();

  private final BlockingQueue<String> begun = new LinkedBlockingQueue<>();

  private final TlsProvider provider;

  @TempDir Path dir;

  TlsToolsTest(TlsProvider provider) {
    this.provider = provider;
  }

  @BeforeEach
  void tools() {
    TlsRig.assumeIsThere(provider);
    assumeTrue(Files.isExecutable(OPENSSL), "no openssl(1): apt-get install openssl");
  }

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    processes.forEach(Process::destroyForcibly);
    for (Thread each : threads) {
      each.join();
    }
    assertThat(pool.stats().inUseBytes()).isZero();
    pool.close();
    assertThat(failures).as("that no test has asked for").isEmpty();
  }

  // ---- The stage as server ---------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({"-tls1_3, TLSv1.3", "-tls1_2, TLSv1.2"})
  void opensslAsClientIsAnswered(String flag, String version) throws Exception {
    try (ServerSocket socket =
        serve(TlsRig.serving(provider, "good").withApplicationProtocols("echo"))) {
      String said =
          openssl(
              "one line\n",
              "s_client",
              flag,
              "-connect",
              "localhost:" + socket.getLocalPort(),
              "-CAfile",
              TestCertificates.certificate("ca").toString(),
              "-verify_return_error",
              "-verify_hostname",
              "localhost",
              "-alpn",
              "echo",
              "-ign_eof");
      assertThat(said)
          .contains("GET one line")
          .contains("Verify return code: 0 (ok)")
          .contains("ALPN protocol: echo")
          .contains(version);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void sessionOfOpensslIsResumed(String flag) throws Exception {
    String session = dir.resolve("session").toString();
    try (ServerSocket socket = serve(TlsRig.serving(provider, "good"))) {
      String to = "localhost:" + socket.getLocalPort();
      String first =
          openssl("a\n", "s_client", flag, "-connect", to, "-ign_eof", "-sess_out", session);
      assertThat(first).contains("New, TLS");
      String second =
          openssl("b\n", "s_client", flag, "-connect", to, "-ign_eof", "-sess_in", session);
      assertThat(second).contains("Reused, TLS").contains("GET b");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--tlsv1.3", "--tls-max=1.2"})
  void curlGetsAnAnswer(String version) throws Exception {
    assumeTrue(Files.isExecutable(CURL), "no curl(1): apt-get install curl");
    try (ServerSocket socket = serve(TlsRig.serving(provider, "good"))) {
      List<String> command = new ArrayList<>(List.of(CURL.toString(), "-sS", "--http0.9"));
      command.addAll(
          version.startsWith("--tls-max") ? List.of("--tls-max", "1.2") : List.of(version));
      command.addAll(List.of("--cacert", TestCertificates.certificate("ca").toString()));
      command.add("https://localhost:" + socket.getLocalPort() + "/path");
      assertThat(run("", command)).contains("GET GET /path HTTP/1.1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"old", "other", "alone"})
  void opensslRefusesABadCertificateAndTheServerHearsOfIt(String alias) throws Exception {
    try (ServerSocket socket = serve(TlsRig.serving(provider, alias))) {
      String said =
          openssl(
              "never\n",
              "s_client",
              "-connect",
              "localhost:" + socket.getLocalPort(),
              "-CAfile",
              TestCertificates.certificate("ca").toString(),
              "-verify_return_error",
              "-verify_hostname",
              "localhost");
      assertThat(said).contains("verify error").doesNotContain("GET never");
      assertThat(failures.take()).hasMessageFindingMatch("(certificate|unknown.ca)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"old", "other", "alone"})
  void curlRefusesABadCertificate(String alias) throws Exception {
    assumeTrue(Files.isExecutable(CURL), "no curl(1): apt-get install curl");
    try (ServerSocket socket = serve(TlsRig.serving(provider, alias))) {
      List<String> command = new ArrayList<>(List.of(CURL.toString(), "-sS", "--http0.9"));
      command.addAll(List.of("--cacert", TestCertificates.certificate("ca").toString()));
      command.add("https://localhost:" + socket.getLocalPort() + "/path");
      assertThat(run("", command)).startsWith("curl: (60)"); // CURLE_PEER_FAILED_VERIFICATION
      assertThat(failures.take()).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void killedOpensslIsATruncationForTheServer(String flag) throws Exception {
    try (ServerSocket socket = serve(TlsRig.serving(provider, "good"))) {
      Process client =
          new ProcessBuilder(
                  OPENSSL.toString(),
                  "s_client",
                  flag,
                  "-quiet",
                  "-connect",
                  "localhost:" + socket.getLocalPort())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      processes.add(client);
      client.getOutputStream().write("half a li".getBytes(UTF_8));
      client.getOutputStream().flush();
      assertThat(begun.take()).isEqualTo("half a li");
      client.destroyForcibly();
      // A reset where it has not read its tickets.
      assertThat(failures.take()).hasMessageFindingMatch("(truncated|reset)");
    }
  }

  /// A server that answers the first line with itself, and ends.
  private ServerSocket serve(TlsOptions options) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.bind(new InetSocketAddress(InetAddress.getByName("localhost"), 0));
    threads.add(
        Thread.startVirtualThread(() -> {
          while (true) {
            try {
              Socket accepted = socket.accept();
              threads.add(Thread.startVirtualThread(() -> answer(accepted, options)));
            } catch (IOException e) {
              return; // closed: the test is over
            }
          }
        }));
    return socket;
  }

  private void answer(Socket accepted, TlsOptions options) {
    try (accepted;
        SocketPipes pipes = new SocketPipes(accepted, pool)) {
      try (Tls tls = Tls.server(pipes, pool, options)) {
        TlsRig.write(tls, "GET " + line(tls));
        tls.output().complete();
      }
    } catch (IOException e) {
      failures.add(e);
    }
  }

  private String line(Duplex from) throws IOException {
    while (true) {
      PipeRead read = from.input().read();
      for (long at = read.start(); at < read.end(); at++) {
        if (read.get(at) == '\n') {
          long length = at + 1 - read.start();
          read.advance(read.start());
          return TlsRig.read(from, (int) length);
        }
      }
      if (read.isCompleted()) {
        throw new IOException("no line came");
      }
      begun.add(new String(read.toArray(), UTF_8));
      read.advance(read.start(), read.end());
    }
  }

  // ---- The stage as client ---------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({"-tls1_3, TLSv1.3", "-tls1_2, TLSv1.2"})
  void opensslAsServerIsUnderstoodAndResumesTheSession(String flag, String version)
      throws Exception {
    Process server = serverProcess("good", flag, "-www");
    int port = port(server);
    TlsOptions options = TlsRig.trusting(provider, "ca");
    for (String how : List.of("New, ", "Reused, ")) {
      try (Socket socket = new Socket("localhost", port);
          SocketPipes pipes = new SocketPipes(socket, pool)) {
        try (Tls tls = Tls.client(pipes, "localhost", port, pool, options)) {
          assertThat(tls.handshake().protocol()).isEqualTo(version);
          TlsRig.write(tls, "GET / HTTP/1.0\r\n\r\n");
          assertThat(new String(TlsRig.readAll(tls), UTF_8)).contains(how + version);
        }
      }
    }
  }

  /// Too old, for another host, signed by itself, of an authority that is not trusted.
  @ParameterizedTest
  @CsvSource({"old, ca", "other, ca", "alone, ca", "good, alone"})
  void badCertificateOfOpensslIsRefused(String alias, String trusted) throws Exception {
    int port = port(serverProcess(alias, "-rev"));
    TlsOptions options = TlsRig.trusting(provider, trusted);
    try (Socket socket = new Socket("localhost", port);
        SocketPipes pipes = new SocketPipes(socket, pool)) {
      try (Tls tls = Tls.client(pipes, "localhost", port, pool, options)) {
        assertThatThrownBy(tls::handshake)
            .isInstanceOf(SSLException.class)
            .hasMessageNotContaining("null")
            .hasMessageFindingMatch("(?i)(certificate|certification path|name|authority)");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void killedOpensslIsATruncation(String flag) throws Exception {
    Process server = serverProcess("good", flag, "-rev");
    int port = port(server);
    try (Socket socket = new Socket("localhost", port);
        SocketPipes pipes = new SocketPipes(socket, pool)) {
      try (Tls tls = Tls.client(pipes, "localhost", port, pool, TlsRig.trusting(provider, "ca"))) {
        TlsRig.write(tls, "drawer\n");
        assertThat(TlsRig.read(tls, 7)).isEqualTo("reward\n");
        server.destroyForcibly();
        assertThatThrownBy(() -> TlsRig.readAll(tls))
            .isInstanceOf(SSLException.class)
            .hasMessageContaining("truncated");
      }
    }
  }

  private Process serverProcess(String alias, String... more) throws IOException {
    List<String> command = new ArrayList<>(List.of(OPENSSL.toString(), "s_server"));
    command.addAll(List.of("-accept", "localhost:0", "-cert"));
    command.add(TestCertificates.certificate(alias).toString());
    command.addAll(List.of("-key", TestCertificates.key(alias).toString()));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    processes.add(process);
    return process;
  }

  /// `ACCEPT [::1]:40123`, which it says also when it is to be quiet.
  private static int port(Process server) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = server.getInputStream().read();
    while (next >= 0 && (next != '\n' || line.indexOf("ACCEPT") != 0)) {
      line.append((char) next);
      if (next == '\n') {
        line.setLength(0);
      }
      next = server.getInputStream().read();
    }
    assertThat(line.toString()).as("what openssl s_server says of its port").startsWith("ACCEPT");
    return Integer.parseInt(line.substring(line.lastIndexOf(":") + 1));
  }

  // ---- Processes -------------------------------------------------------------------------------

  private String openssl(String input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(OPENSSL.toString()));
    command.addAll(List.of(arguments));
    return run(input, command);
  }

  private String run(String input, List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    processes.add(process);
    try (var to = process.outputWriter(UTF_8)) {
      to.write(input);
    }
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }
}
