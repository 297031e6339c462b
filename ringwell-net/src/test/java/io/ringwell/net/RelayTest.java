package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.pipe.FlushResult;
import io.ringwell.pipe.PipeRead;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A client, a relay and a server.
@ParameterizedClass
@EnumSource(
    value = TestEngines.class,
    names = {"URING", "THREADS"})
final class RelayTest extends ConnectionCase {
  RelayTest(TestEngines kind) {
    super(kind);
  }

  private interface Client {
    void speak(Connection connection) throws Exception;
  }

  private void throughRelay(ConnectionHandler server, Client client) throws Exception {
    try (Listener behind = Listener.open(engine(), ANY_PORT);
        Listener before = Listener.open(engine(), ANY_PORT)) {
      serve(behind, server);
      serve(
          before,
          incoming -> {
            try (Connection outgoing = Connection.connect(engine(), behind.address())) {
              Relay.between(incoming, outgoing);
            }
          });
      try (Connection connection = Connection.connect(engine(), before.address())) {
        client.speak(connection);
      }
      before.abort();
      behind.abort();
      awaitNone(before);
      awaitNone(behind);
    }
  }

  /// Handlers close their connections a moment after the client's last word.
  private static void awaitNone(Listener listener) {
    while (listener.connections() > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void smallAndLargePiecesPassBothWaysAndTheirEndsToo() throws Exception {
    throughRelay(
        ConnectionCase::echo,
        connection -> {
          send(connection, "small");
          assertThat(receive(connection, 5)).isEqualTo("small");
          int length = 4 << 20;
          CompletableFuture<Void> sent = new CompletableFuture<>();
          Thread.startVirtualThread(() -> sendMany(connection, length, sent));
          long count = 0;
          boolean right = true;
          while (true) {
            PipeRead read = connection.input().read();
            if (read.isEmpty() && read.isCompleted()) {
              break;
            }
            for (long at = read.start(); at < read.end(); at += 4099) {
              right &= read.get(at) == (byte) ((at - 5) >>> 3);
            }
            count += read.size();
            read.advance(read.end());
          }
          sent.get();
          assertThat(count).isEqualTo(length);
          assertThat(right).isTrue();
        });
  }

  private static void sendMany(Connection to, int length, CompletableFuture<Void> sent) {
    try {
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) (i >>> 3);
      }
      to.output().write(bytes, 0, length);
      to.output().flush();
      to.output().complete();
      sent.complete(null);
    } catch (IOException | RuntimeException e) {
      sent.completeExceptionally(e);
    }
  }

  @Test
  void whoEndsOneDirectionStillHears() throws Exception {
    throughRelay(
        connection -> {
          PipeRead read = connection.input().read();
          while (!read.isCompleted()) {
            read.advance(read.start(), read.end());
            read = connection.input().read();
          }
          long count = read.size();
          read.advance(read.end());
          send(connection, "heard " + count);
        },
        connection -> {
          send(connection, "12345678");
          connection.output().complete();
          assertThat(receive(connection, 100)).isEqualTo("heard 8");
        });
  }

  /// One that breaks off while the client sends, too: then the relay's send is told, and not its
  /// receive.
  @Test
  void aServerThatBreaksOffInTheMidstOfSendsIsFeltByTheClient() throws Exception {
    for (int round = 0; round < 100; round++) {
      throughRelay(
          connection -> {
            long seen = 0;
            while (seen < 10_000) {
              PipeRead read = connection.input().read();
              seen += read.size();
              read.advance(read.end());
            }
            connection.abort();
          },
          connection -> {
            byte[] block = new byte[64];
            Thread sender =
                Thread.startVirtualThread(() -> {
                  try {
                    FlushResult result = FlushResult.OPEN;
                    while (result != FlushResult.COMPLETED) {
                      connection.output().write(block, 0, block.length);
                      result = connection.output().flush();
                    }
                  } catch (IOException e) {
                    // It has broken off, as it is to.
                  }
                });
            assertThatThrownBy(() -> connection.input().readAtLeast(1))
                .isInstanceOf(ConnectionException.class);
            sender.join();
          });
    }
  }

  @Test
  void aServerThatBreaksOffIsFeltByTheClient() throws Exception {
    throughRelay(
        Connection::abort,
        connection ->
            assertThatThrownBy(() -> connection.input().readAtLeast(1))
                .isInstanceOf(ConnectionException.class));
  }
}
