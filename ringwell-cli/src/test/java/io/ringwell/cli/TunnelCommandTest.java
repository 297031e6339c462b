package io.ringwell.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class TunnelCommandTest {
  @Test
  void whatComesGoesOnAndTheAnswerComesBack() throws Exception {
    try (ServerSocket behind = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      FutureTask<String> server =
          new FutureTask<>(() -> {
            try (Socket socket = behind.accept()) {
              String heard = new String(socket.getInputStream().readAllBytes(), UTF_8);
              socket.getOutputStream().write(("heard " + heard).getBytes(UTF_8));
              return heard;
            }
          });
      Thread.startVirtualThread(server);
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      PipedOutputStream to = new PipedOutputStream();
      BufferedReader out =
          new BufferedReader(new InputStreamReader(new PipedInputStream(to), UTF_8));
      Standard standard = Standard.of(InputStream.nullInputStream(), to, err);
      String target = "127.0.0.1:" + behind.getLocalPort();
      FutureTask<Integer> command =
          new FutureTask<>(
              () -> Main.run(standard, "tunnel", "--listen", "127.0.0.1:0", "--to", target));
      Thread thread = Thread.ofPlatform().start(command);

      String line = out.readLine();
      assertThat(line).as(err.toString(UTF_8)).contains(" to " + target);
      int port = Integer.parseInt(line.substring(line.indexOf(':') + 1, line.indexOf(' ')));
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
        client.getOutputStream().write("word".getBytes(UTF_8));
        client.shutdownOutput();
        assertThat(new String(client.getInputStream().readAllBytes(), UTF_8))
            .isEqualTo("heard word");
      }
      assertThat(server.get()).isEqualTo("word");
      thread.interrupt();
      assertThat(command.get()).isEqualTo(Main.OK);
    }
  }

  @Test
  void whatIsNoAddressIsRefusedWithItsText() {
    Run.of("tunnel", "--listen", "8080", "--to", "127.0.0.1:1").fails("'8080'", "HOST:PORT");
  }

  @Test
  void anAddressInUseIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      Run.of("tunnel", "--listen", address, "--to", "127.0.0.1:1").fails(address, "EADDRINUSE");
    }
  }
}
