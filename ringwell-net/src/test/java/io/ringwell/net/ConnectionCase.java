package io.ringwell.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.memory.BufferPool;
import io.ringwell.pipe.PipeRead;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// An engine and a server for each test, and the check that none of it is left: no buffer in use,
/// no socket open.
abstract class ConnectionCase {
  static final Address ANY_PORT = Address.of("127.0.0.1", 0);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private final TestEngines kind;
  private final List<Future<Void>> served = new ArrayList<>();
  private long before;
  private @Nullable Engine engine;

  ConnectionCase(TestEngines kind) {
    this.kind = kind;
  }

  @BeforeEach
  void openEngine() throws IOException {
    // The JDK keeps a socket of its own from the first close of a channel on.
    SocketChannel.open().close();
    before = openSockets();
    engine = kind.open();
  }

  @AfterEach
  void closeEngineAndLookForLeaks() throws Exception {
    engine().close();
    for (Future<Void> each : served) {
      each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    awaitMemory();
    assertThat(engine().pool().stats().lentBytes()).as("lent after close").isZero();
    assertThat(openSockets()).as("sockets of this process").isEqualTo(before);
  }

  /// A handler has a thread of its own, which may end after the engine, and its pipes with it; what
  /// the engine refuses then was lent to it for a moment.
  private void awaitMemory() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (engine().pool().stats().inUseBytes() > 0 && System.nanoTime() - end < 0) {
      Thread.yield();
    }
    assertThat(engine().pool().stats().inUseBytes()).as("in use after close").isZero();
  }

  final Engine engine() {
    Engine open = engine;
    if (open == null) {
      throw new IllegalStateException("no test is running");
    }
    return open;
  }

  /// 0 where the system does not tell.
  static long openSockets() throws IOException {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      return all.filter(ConnectionCase::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // the one that lists, closed by now
    }
  }

  /// Serves on a thread of its own, until the listener is closed; what else ends that fails the
  /// test.
  final void serve(Listener listener, ConnectionHandler handler) {
    FutureTask<Void> serving =
        new FutureTask<>(() -> {
          listener.serve(handler);
          return null;
        });
    Thread.startVirtualThread(serving);
    served.add(serving);
  }

  /// The next connection, on a thread of its own.
  static CompletableFuture<Connection> accept(Listener listener) {
    CompletableFuture<Connection> accepted = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        accepted.complete(Objects.requireNonNull(listener.accept(), "closed"));
      } catch (IOException | RuntimeException | Error e) {
        accepted.completeExceptionally(e);
      }
    });
    return accepted;
  }

  static ListenOptions listening(BufferPool pool) {
    return ListenOptions.defaults().withConnections(ConnectionOptions.defaults().withPool(pool));
  }

  /// Sends back what comes, until the peer has ended.
  static void echo(Connection connection) throws IOException {
    while (true) {
      PipeRead read = connection.input().read();
      if (read.isEmpty() && read.isCompleted()) {
        return;
      }
      do {
        connection.output().write(read.window());
      } while (read.nextFragment());
      read.advance(read.end());
      connection.output().flush();
    }
  }

  static void send(Connection connection, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    connection.output().write(bytes, 0, bytes.length);
    connection.output().flush();
  }

  /// The next `length` bytes, or fewer where the peer has ended.
  static String receive(Connection connection, int length) throws IOException {
    PipeRead read = connection.input().readAtLeast(length);
    byte[] all = read.toArray();
    String text = new String(all, 0, Math.min(all.length, length), UTF_8);
    read.advance(read.start() + Math.min(all.length, length));
    return text;
  }
}
