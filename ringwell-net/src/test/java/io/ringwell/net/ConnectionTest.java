package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.pipe.FlushResult;
import io.ringwell.pipe.PipeOptions;
import io.ringwell.pipe.PipeRead;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What goes through connections, on every engine.
@ParameterizedClass
@EnumSource(TestEngines.class)
final class ConnectionTest extends ConnectionCase {
  private @TempDir Path directory;

  ConnectionTest(TestEngines kind) {
    super(kind);
  }

  @Test
  void anEchoComesBack() throws Exception {
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      serve(listener, ConnectionCase::echo);
      try (Connection connection = Connection.connect(engine(), listener.address())) {
        send(connection, "hello");
        assertThat(receive(connection, 5)).isEqualTo("hello");
        assertThat(connection.peerAddress()).isEqualTo(listener.address());
      }
    }
  }

  /// It closes itself when the peer has gone, whoever is about to ask it for something.
  @Test
  void addressesOfAConnectionThatHasEndedAreAnIOException() throws Exception {
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      Connection connection = Connection.connect(engine(), listener.address());
      connection.abort();
      connection.whenClosed().toCompletableFuture().get(20, TimeUnit.SECONDS);
      assertThatThrownBy(connection::peerAddress)
          .isInstanceOf(ConnectionException.class)
          .hasMessageContaining("has ended");
      assertThatThrownBy(connection::localAddress).isInstanceOf(ConnectionException.class);
    }
  }

  @Test
  void aUnixDomainSocketIsRemovedByItsListener() throws Exception {
    Path path = directory.resolve("s");
    try (Listener listener = Listener.open(engine(), Address.unix(path))) {
      serve(listener, ConnectionCase::echo);
      try (Connection connection = Connection.connect(engine(), listener.address())) {
        send(connection, "local");
        assertThat(receive(connection, 5)).isEqualTo("local");
      }
      assertThat(path).exists();
    }
    assertThat(Files.exists(path)).isFalse();
  }

  @Test
  void muchGoesBothWays() throws Exception {
    long length = 16 << 20;
    ConnectionOptions options = ConnectionOptions.defaults().withZeroCopyBytes(32 << 10);
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      serve(listener, ConnectionCase::echo);
      try (Connection connection = Connection.connect(engine(), listener.address(), options)) {
        CompletableFuture<Long> sent = new CompletableFuture<>();
        Thread.startVirtualThread(() -> sendPattern(connection, length, sent));
        CRC32C received = new CRC32C();
        long count = 0;
        while (true) {
          PipeRead read = connection.input().read();
          if (read.isEmpty() && read.isCompleted()) {
            break;
          }
          do {
            received.update(read.window().asByteBuffer());
          } while (read.nextFragment());
          count += read.size();
          read.advance(read.end());
        }
        assertThat(count).isEqualTo(length);
        assertThat(received.getValue()).isEqualTo(sent.get());
      }
    }
  }

  /// Writes, ends its direction, and tells the checksum.
  private static void sendPattern(Connection to, long length, CompletableFuture<Long> sent) {
    try {
      CRC32C checksum = new CRC32C();
      long value = 1;
      for (long at = 0; at < length; at += 8192) {
        MemorySegment window = to.output().window(8192);
        for (int i = 0; i < 8192; i += 8) {
          value = value * 6364136223846793005L + 1442695040888963407L;
          window.set(ValueLayout.JAVA_LONG_UNALIGNED, i, value);
        }
        checksum.update(window.asSlice(0, 8192).asByteBuffer());
        to.output().commit(8192);
        to.output().flush();
      }
      to.output().complete();
      sent.complete(checksum.getValue());
    } catch (IOException | RuntimeException e) {
      sent.completeExceptionally(e);
    }
  }

  @Test
  void theInputEndsWhereThePeerEndedAndTheOutputGoesOn() throws Exception {
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      CompletableFuture<Connection> accepted = accept(listener);
      try (Connection client = Connection.connect(engine(), listener.address());
          Connection server = accepted.get()) {
        send(client, "last words");
        client.output().complete();
        assertThat(receive(server, 100)).isEqualTo("last words");
        PipeRead end = server.input().read();
        assertThat(end.isEmpty() && end.isCompleted()).isTrue();
        end.advance(end.end());
        send(server, "understood");
        assertThat(receive(client, 10)).isEqualTo("understood");
      }
    }
  }

  @Test
  void whoDoesNotReadMakesThePeerWait() throws Exception {
    PipeOptions small = PipeOptions.defaults().withThresholds(16 << 10, 8 << 10);
    ConnectionOptions options = ConnectionOptions.defaults().withPipes(small, small);
    try (Listener listener =
        Listener.open(engine(), ANY_PORT, ListenOptions.defaults().withConnections(options))) {
      CompletableFuture<Connection> accepted = accept(listener);
      Connection client = Connection.connect(engine(), listener.address(), options);
      Connection server = accepted.get();
      byte[] block = new byte[8192];
      long written = 0;
      FlushResult flushed = FlushResult.OPEN;
      CompletableFuture<FlushResult> room = CompletableFuture.completedFuture(flushed);
      // Until neither pipes nor kernel take more: several megabytes, at the most.
      while (room.isDone() && written < (256 << 20)) {
        client.output().write(block, 0, block.length);
        written += block.length;
        room = client.output().flushAsync().toCompletableFuture();
        if (!room.isDone()) {
          settle(room);
        }
      }
      assertThat(room.isDone()).as("the writer waits after %s bytes", written).isFalse();
      long inServer = server.input().readAtLeast(1).size();
      assertThat(inServer).isLessThan(256 << 10);
      client.abort();
      server.abort();
      client.close();
      server.close();
    }
  }

  /// Waits as long as the transfer to the peer still moves.
  private static void settle(CompletableFuture<?> room) {
    try {
      room.get(500, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return; // it waits
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }
}
