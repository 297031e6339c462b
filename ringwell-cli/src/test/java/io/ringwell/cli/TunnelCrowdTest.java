package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.net.Address;
import io.ringwell.net.TlsContexts;
import io.ringwell.net.TlsProvider;
import io.ringwell.testkit.TestCertificates;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many clients of one tunnel, of which most do nothing, and some die. Loops that wait for what is
/// left to go end with the test's time.
@EnabledOnOs(OS.LINUX)
class TunnelCrowdTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void slowClientsDoNotStarveAFastOneAndLeaveNothing(boolean secure) throws Exception {
    crowd(secure ? 50 : 100, 200, secure);
  }

  @Test
  @Tag("soak")
  void aThousandSlowClientsDoTheSame() throws Exception {
    crowd(1000, 20_000, false);
  }

  /// That accepts TLS, and connects without.
  static TunnelPlan plan(int port, int connections, boolean secure) throws IOException {
    return TunnelPlan.of(
        new TunnelPlan.Wishes(
            Address.of("127.0.0.1", 0),
            Address.of("127.0.0.1", port),
            TestCertificates.certificate("good"),
            TestCertificates.key("good"),
            false,
            null,
            secure,
            connections));
  }

  private static void crowd(int slow, int rounds, boolean secure) throws Exception {
    assumeTrue(!secure || TlsProvider.OPENSSL.isAvailable(), TlsProvider.OPENSSL.whyAbsent());
    SocketChannel.open().close(); // the JDK keeps a socket from the first close on
    SocketFactory factory =
        TlsContexts.client(TestCertificates.certificate("ca")).getSocketFactory();
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    long before = sockets();
    try (ServerSocket server = new ServerSocket(0, 2000, TunnelRun.HERE);
        TunnelPlan plan = plan(server.getLocalPort(), slow + 1, secure);
        Tunnel tunnel = Tunnel.open(plan, told::add)) {
      TunnelRun.echo(server);
      FutureTask<Void> serving =
          new FutureTask<>(() -> {
            tunnel.serve();
            return null;
          });
      Thread.startVirtualThread(serving);
      long listening = sockets();
      List<Socket> crowd = new ArrayList<>();
      for (int i = 0; i < slow; i++) {
        Socket one = factory.createSocket("localhost", tunnel.address().port());
        one.getOutputStream().write('h');
        crowd.add(one);
      }
      try (Socket fast = factory.createSocket("localhost", tunnel.address().port())) {
        byte[] word = new byte[100];
        for (int i = 0; i < rounds; i++) {
          fast.getOutputStream().write(word);
          assertThat(fast.getInputStream().readNBytes(word.length)).hasSize(word.length);
        }
      }
      assertThat(tunnel.connections()).isGreaterThanOrEqualTo(slow);
      assertThat(told).isEmpty();
      for (int i = 0; i < slow; i++) {
        try (Socket each = crowd.get(i)) {
          if (i % 2 == 0) {
            kill(each);
          }
        }
      }
      while (tunnel.connections() > 1) { // one is about to be accepted
        Thread.onSpinWait();
      }
      while (sockets() > listening) { // what the tunnel has let go the server still has to
        Thread.onSpinWait();
      }
      assertThat(plan.inUseBytes()).isZero();
      assertThat(tunnel.end()).isZero();
      serving.get();
    }
    while (sockets() > before) { // whoever accepted for the server closes it
      Thread.onSpinWait();
    }
  }

  /// A close of TLS says so first; this does not.
  private static void kill(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
  }

  static long sockets() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(TunnelCrowdTest::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // the one that lists, closed by now
    }
  }
}
