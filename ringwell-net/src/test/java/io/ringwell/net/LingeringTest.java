package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Closed connections whose peer is not done, on every engine.
@ParameterizedClass
@EnumSource(TestEngines.class)
final class LingeringTest extends ConnectionCase {
  LingeringTest(TestEngines kind) {
    super(kind);
  }

  /// A client that sends on and on, and reads when it is done, gets all that was said before the
  /// close, and then the end: no reset.
  @Test
  void whatThePeerStillSendsDoesNotCostItOurLastBytes() throws Exception {
    byte[] last = new byte[200_000];
    Arrays.fill(last, (byte) 'z');
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      CompletableFuture<Connection> accepted = accept(listener);
      try (Socket client =
          new Socket(InetAddress.getLoopbackAddress(), listener.address().port())) {
        Connection server = accepted.get();
        client.getOutputStream().write(new byte[50_000]);
        CompletableFuture<Void> said = new CompletableFuture<>();
        Thread closer =
            Thread.startVirtualThread(() -> {
              try {
                server.output().write(last, 0, last.length);
                server.close();
                said.complete(null);
              } catch (IOException | RuntimeException e) {
                said.completeExceptionally(e);
              }
            });
        byte[] more = new byte[8192];
        InputStream in = client.getInputStream();
        long received = 0;
        int count = in.read(more);
        while (count > 0) {
          received += count;
          client.getOutputStream().write(more); // the other side has closed, or is about to
          count = in.read(more);
        }
        assertThat(received).isEqualTo(last.length);
        said.get();
        closer.join();
        client.shutdownOutput();
        server.whenClosed().toCompletableFuture().join();
      }
    }
  }

  @Test
  void aPeerThatNeverEndsIsLetGoAfterAWhile() throws Exception {
    ConnectionOptions options = ConnectionOptions.defaults().withCloseTime(Duration.ofMillis(100));
    try (Listener listener =
        Listener.open(engine(), ANY_PORT, ListenOptions.defaults().withConnections(options))) {
      CompletableFuture<Connection> accepted = accept(listener);
      try (Socket client =
          new Socket(InetAddress.getLoopbackAddress(), listener.address().port())) {
        Connection server = accepted.get();
        server.close();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        server.whenClosed().toCompletableFuture().join();
      }
    }
  }

  /// Not after the time that a socket may linger.
  @Test
  void aBreakEndsTheLingering() throws Exception {
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      CompletableFuture<Connection> accepted = accept(listener);
      try (Socket client =
          new Socket(InetAddress.getLoopbackAddress(), listener.address().port())) {
        Connection server = accepted.get();
        server.close();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        server.abort();
        server.whenClosed().toCompletableFuture().join();
      }
    }
  }

  /// A socket is closed, whatever comes of the memory for what its peer still sends.
  @Test
  void aConnectionWithoutMemoryToLingerIsClosed() throws Exception {
    AtomicBoolean refusing = new AtomicBoolean();
    BufferPool pool =
        WatchedPool.of(
            engine().pool(),
            () -> {
              if (refusing.get()) {
                throw new OutOfMemoryError("a test's");
              }
            });
    try (Listener listener = Listener.open(engine(), ANY_PORT, listening(pool))) {
      CompletableFuture<Connection> accepted = accept(listener);
      try (Socket client =
          new Socket(InetAddress.getLoopbackAddress(), listener.address().port())) {
        Connection server = accepted.get();
        refusing.set(true);
        server.close();
        server.whenClosed().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(client.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  /// Smaller than what a socket that lingers takes at once.
  @Test
  void aConnectionLingersWithAPoolOfTinyBuffers() throws Exception {
    try (BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(8 << 10));
        Listener listener = Listener.open(engine(), ANY_PORT, listening(pool))) {
      CompletableFuture<Connection> accepted = accept(listener);
      try (Socket client =
          new Socket(InetAddress.getLoopbackAddress(), listener.address().port())) {
        Connection server = accepted.get();
        server.close();
        client.getOutputStream().write(new byte[50_000]);
        client.shutdownOutput();
        assertThat(client.getInputStream().read()).as("an end, no reset").isEqualTo(-1);
        server.whenClosed().toCompletableFuture().get(20, TimeUnit.SECONDS);
      }
    }
  }
}
