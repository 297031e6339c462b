package io.ringwell.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.net.Address;
import io.ringwell.net.ConnectionHandler;
import io.ringwell.net.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// The servers as a client of the JDK's sees them.
final class ServersTest {
  @SuppressWarnings("try") // Closed within the block, so that serving ends.
  private static String talk(ConnectionHandler server, String said) throws Exception {
    try (Engine engine = Engine.open();
        Listener listener = Listener.open(engine, Address.of("127.0.0.1", 0))) {
      CompletableFuture<Void> served = new CompletableFuture<>();
      Thread.startVirtualThread(() -> {
        try {
          listener.serve(server);
          served.complete(null);
        } catch (IOException e) {
          served.completeExceptionally(e);
        }
      });
      String heard;
      try (Socket socket =
          new Socket(InetAddress.getLoopbackAddress(), listener.address().port())) {
        socket.getOutputStream().write(said.getBytes(UTF_8));
        socket.shutdownOutput();
        heard = new String(socket.getInputStream().readAllBytes(), UTF_8);
      }
      listener.close();
      served.get();
      return heard;
    }
  }

  @Test
  void theEchoServerSendsBackWhatComes() throws Exception {
    String text = "line after line\n".repeat(2_000);
    assertThat(talk(EchoServer::echo, text)).isEqualTo(text);
  }

  @Test
  void theLineServerAnswersEachLineWithOne() throws Exception {
    String said = "SET colour deep blue\nGET colour\nGET taste\nnonsense\nQUIT\n";
    assertThat(talk(new LineServer()::speak, said))
        .isEqualTo("OK\ndeep blue\n\nERROR say SET name value, GET name or QUIT\n");
  }

  @Test
  void aLineThatNeverEndsIsRefused() throws Exception {
    assertThat(talk(new LineServer()::speak, "x".repeat(5000))).startsWith("ERROR a line has");
  }
}
