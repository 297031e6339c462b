package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.PoolOptions;
import io.ringwell.pipe.PipeOptions;
import io.ringwell.pipe.PipeRead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Connections within bounds of memory and of time, and errors of every kind.
@ParameterizedClass
@EnumSource(TestEngines.class)
final class ConnectionBoundsTest extends ConnectionCase {
  private static final int MUCH_BYTES = 1 << 20;

  ConnectionBoundsTest(TestEngines kind) {
    super(kind);
  }

  private interface Talk {
    void with(Connection client, Connection server) throws Exception;
  }

  /// Has the two ends talk; whatever became of them, both are closed soon after.
  private void connected(ConnectionOptions options, Talk talk) throws Exception {
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      CompletableFuture<Connection> accepted = accept(listener);
      Connection client = Connection.connect(engine(), listener.address(), options);
      Connection server = accepted.get();
      talk.with(client, server);
      for (Connection each : new Connection[] {client, server}) {
        each.abort();
        each.close();
        each.whenClosed().toCompletableFuture().get(20, TimeUnit.SECONDS);
      }
    }
  }

  private static void writeMuch(Connection to) throws IOException {
    byte[] block = new byte[4096];
    for (int sent = 0; sent < MUCH_BYTES; sent += block.length) {
      to.output().write(block, 0, block.length);
      to.output().flush();
    }
  }

  private static long readAll(Connection from, long length) throws IOException {
    long count = 0;
    while (count < length) {
      PipeRead read = from.input().read();
      if (read.isEmpty() && read.isCompleted()) {
        break;
      }
      count += read.size();
      read.advance(read.end());
    }
    return count;
  }

  // ---- Errors ----------------------------------------------------------------------------------

  @Test
  void anErrorThatTheWriterGivesEndsTheConnection() throws Exception {
    connected(
        ConnectionOptions.defaults(),
        (client, server) -> {
          client.output().complete(new AssertionError("a writer's"));
          assertThatThrownBy(() -> readAll(server, 1)).isInstanceOf(IOException.class);
          client.close();
        });
  }

  @Test
  void anErrorThatTheReaderGivesEndsTheConnection() throws Exception {
    connected(
        ConnectionOptions.defaults(),
        (client, server) -> {
          CompletableFuture<Void> written = new CompletableFuture<>();
          Thread.startVirtualThread(() -> {
            try {
              writeMuch(client);
              written.complete(null);
            } catch (IOException | RuntimeException e) {
              written.completeExceptionally(e);
            }
          });
          assertThat(server.input().readAtLeast(64 << 10).size()).isPositive(); // it pauses there
          server.input().complete(new AssertionError("a reader's"));
          server.close();
          server.whenClosed().toCompletableFuture().get(20, TimeUnit.SECONDS);
        });
  }

  // ---- Memory ----------------------------------------------------------------------------------

  /// Windows grow while they are filled, but not beyond that.
  @Test
  void inputWithLittleMemoryReceivesAll() throws Exception {
    PipeOptions little = PipeOptions.defaults().withSegments(4 << 10, 16 << 10);
    receivesAll(
        ConnectionOptions.defaults()
            .withPipes(little.withMaxMemory(32 << 10), PipeOptions.defaults()));
  }

  @Test
  void inputOfAPoolWithSmallBuffersReceivesAll() throws Exception {
    try (BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(256 << 10))) {
      assertThat(pool.maxBufferBytes()).isLessThan(MUCH_BYTES);
      receivesAll(ConnectionOptions.defaults().withPool(pool));
      assertThat(pool.stats().inUseBytes()).isZero();
    }
  }

  private void receivesAll(ConnectionOptions options) throws Exception {
    connected(
        options,
        (client, server) -> {
          CompletableFuture<Long> received = new CompletableFuture<>();
          Thread.startVirtualThread(() -> {
            try {
              received.complete(readAll(client, MUCH_BYTES));
            } catch (IOException | RuntimeException e) {
              received.completeExceptionally(e);
            }
          });
          writeMuch(server);
          assertThat(received.get(60, TimeUnit.SECONDS)).isEqualTo(MUCH_BYTES);
        });
  }

  // ---- Time ------------------------------------------------------------------------------------

  /// More than the sockets hold, and for longer than the limit, with one operation.
  @Test
  void aPeerThatIsSlowIsNoneThatTakesNothing() throws Exception {
    Duration limit = Duration.ofMillis(400);
    connected(
        ConnectionOptions.defaults().withSendTime(limit),
        (client, server) -> {
          CompletableFuture<Void> sent = new CompletableFuture<>();
          Thread.startVirtualThread(() -> {
            try (Bytes much = Bytes.copyOf(new byte[16 << 20])) {
              client.output().send(much.share());
              client.output().complete();
              sent.complete(null);
            } catch (IOException | RuntimeException e) {
              sent.completeExceptionally(e);
            }
          });
          long start = System.nanoTime();
          long count = 0;
          while (count < 16 << 20) {
            count += readAll(server, 1);
            // The reader's pace, which takes three times the limit in all.
            long due = start + 3 * limit.toNanos() * count / (16 << 20);
            while (System.nanoTime() - due < 0) {
              Thread.onSpinWait();
            }
          }
          sent.get(20, TimeUnit.SECONDS);
          assertThat(count).isEqualTo(16 << 20);
        });
  }

  // ---- Addresses -------------------------------------------------------------------------------

  @Test
  void everyAddressIsOfEitherFamily() throws Exception {
    try (Listener listener = Listener.open(engine(), Address.parse("*:0"))) {
      serve(listener, ConnectionCase::echo);
      boolean six = Files.exists(Path.of("/proc/net/if_inet6"));
      for (String host : six ? List.of("127.0.0.1", "::1") : List.of("127.0.0.1")) {
        Address at = Address.of(host, listener.address().port());
        try (Connection connection = Connection.connect(engine(), at)) {
          send(connection, host);
          assertThat(receive(connection, host.length())).isEqualTo(host);
        }
      }
    }
  }

  // ---- Without a copy --------------------------------------------------------------------------

  private static final ConnectionOptions UNCOPIED =
      ConnectionOptions.defaults().withZeroCopyBytes(1);

  /// Fills both ends' sockets; the peer reads nothing.
  private static CompletableFuture<Void> writeForEver(Connection client) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        while (true) {
          writeMuch(client);
        }
      } catch (IOException | RuntimeException e) {
        ended.completeExceptionally(e);
      }
    });
    return ended;
  }

  @Test
  void whatIsSentWithoutACopyIsBrokenOff() throws Exception {
    connected(
        UNCOPIED,
        (client, server) -> {
          CompletableFuture<Void> ended = writeForEver(client);
          assertThat(server.input().readAtLeast(64 << 10).size()).isPositive();
          client.abort();
          client.whenClosed().toCompletableFuture().get(20, TimeUnit.SECONDS);
          assertThat(ended).failsWithin(Duration.ofSeconds(20));
        });
  }

  @Test
  void aPeerThatTakesNothingIsFoundOutWithoutACopyToo() throws Exception {
    connected(
        UNCOPIED.withSendTime(Duration.ofMillis(200)),
        (client, server) -> {
          CompletableFuture<Void> ended = writeForEver(client);
          assertThat(ended)
              .failsWithin(Duration.ofSeconds(20))
              .withThrowableOfType(ExecutionException.class)
              .havingCause()
              .withMessageContaining("200 ms");
        });
  }
}
