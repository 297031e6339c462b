package io.ringwell.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.net.TlsProvider;
import io.ringwell.testkit.TestCertificates;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Clients of a tunnel that are killed (SIGKILL): each is one line, and leaves neither memory nor a
/// socket. Loops that wait for what is left to go end with the test's time.
@EnabledOnOs(OS.LINUX)
class TunnelKilledClientsTest {
  private static final Path OPENSSL = Path.of("/usr/bin/openssl");
  private static final int CLIENTS = 8;

  /// @param sends whether they send on and on and read nothing, or wait for more of an echo
  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void killedClientsLeaveNothing(boolean secure, boolean sends) throws Exception {
    assumeTrue(!secure || TlsProvider.OPENSSL.isAvailable(), TlsProvider.OPENSSL.whyAbsent());
    assumeTrue(Files.isExecutable(OPENSSL), "no openssl(1): apt-get install openssl");
    SocketChannel.open().close(); // the JDK keeps a socket from the first close on
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    long before = TunnelCrowdTest.sockets();
    try (ServerSocket server = TunnelRun.server();
        TunnelPlan plan = TunnelCrowdTest.plan(server.getLocalPort(), CLIENTS + 1, secure);
        Tunnel tunnel = Tunnel.open(plan, told::add)) {
      TunnelRun.echo(server);
      FutureTask<Void> serving =
          new FutureTask<>(() -> {
            tunnel.serve();
            return null;
          });
      Thread.startVirtualThread(serving);
      long listening = TunnelCrowdTest.sockets();
      List<Process> clients = new ArrayList<>();
      try {
        for (int i = 0; i < CLIENTS; i++) {
          clients.add(start(tunnel.address().port(), sends));
        }
        for (Process each : clients) {
          assertThat(each.getInputStream().read()).as("the echo's first byte").isNotNegative();
        }
        assertThat(tunnel.connections()).isGreaterThanOrEqualTo(CLIENTS);
        assertThat(told).isEmpty();
      } finally {
        clients.forEach(Process::destroyForcibly);
      }
      while (tunnel.connections() > 1) { // one is about to be accepted
        Thread.onSpinWait();
      }
      while (TunnelCrowdTest.sockets() > listening) {
        Thread.onSpinWait();
      }
      assertThat(plan.inUseBytes()).isZero();
      assertThat(told)
          .hasSize(CLIENTS)
          .allSatisfy(line -> assertThat(line).startsWith("127.0.0.1:").doesNotContain("\n"));
      assertThat(tunnel.end()).isZero();
      serving.get();
    }
    while (TunnelCrowdTest.sockets() > before) { // whoever accepted for the server closes it
      Thread.onSpinWait();
    }
  }

  private static Process start(int port, boolean sends) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                OPENSSL.toString(),
                "s_client",
                "-quiet",
                "-connect",
                "127.0.0.1:" + port,
                "-CAfile",
                TestCertificates.certificate("ca").toString(),
                "-verify_return_error")
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    if (sends) {
      return builder.redirectInput(new File("/dev/zero")).start();
    }
    Process client = builder.start();
    client.getOutputStream().write("a line\n".getBytes(UTF_8));
    client.getOutputStream().flush();
    return client;
  }
}
