package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import io.ringwell.pipe.FlushResult;
import io.ringwell.pipe.PipeOptions;
import io.ringwell.pipe.PipeRead;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections on every engine.
@ParameterizedClass
@EnumSource(TestEngines.class)
final class ConnectionTest extends ConnectionCase {
  /// Connections, more than any backlog of 1 takes.
  private static final int MANY = 64;

  private @TempDir Path directory;

  ConnectionTest(TestEngines kind) {
    super(kind);
  }

  /// Two connected ends; the server's comes through the queue.
  private static BlockingQueue<Connection> accepted(Listener listener) {
    BlockingQueue<Connection> queue = new ArrayBlockingQueue<>(10);
    Thread.startVirtualThread(() -> {
      try {
        queue.add(listener.accept());
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
    return queue;
  }

  @Test
  void anEchoComesBack() throws Exception {
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      var _ = serve(listener, ConnectionCase::echo);
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
      var _ = serve(listener, ConnectionCase::echo);
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
      var _ = serve(listener, ConnectionCase::echo);
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
      BlockingQueue<Connection> queue = accepted(listener);
      try (Connection client = Connection.connect(engine(), listener.address());
          Connection server = queue.take()) {
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
  void aPeerThatBreaksOffEndsBothDirectionsWithItsName() throws Exception {
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      BlockingQueue<Connection> queue = accepted(listener);
      Connection client = Connection.connect(engine(), listener.address());
      try (Connection server = queue.take()) {
        Address name = client.localAddress();
        client.abort();
        assertThatThrownBy(() -> server.input().read())
            .isInstanceOf(ConnectionException.class)
            .hasMessageContaining(name.toString())
            .hasMessageContaining("ECONNRESET");
        server.whenClosed().toCompletableFuture().join();
        assertThatThrownBy(() -> send(server, "x")).isInstanceOf(ConnectionException.class);
        client.close();
      }
    }
  }

  /// The kernel tells of a reset once: to the send, or to the receive.
  @ParameterizedTest
  @ValueSource(ints = {64, 5_000})
  void aResetInTheMidstOfSendsIsNoEndOfTheInput(int flushBytes) throws Exception {
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      for (int round = 0; round < 200; round++) {
        BlockingQueue<Connection> queue = accepted(listener);
        Connection client = Connection.connect(engine(), listener.address());
        try (Connection server = queue.take()) {
          CompletableFuture<Void> sending = new CompletableFuture<>();
          Thread sender = Thread.startVirtualThread(() -> sendOn(server, flushBytes, sending));
          sending.get();
          client.abort();
          assertThatThrownBy(() -> server.input().read())
              .as("round %s", round)
              .isInstanceOf(ConnectionException.class)
              .hasMessageContaining("ECONNRESET");
          sender.join();
        }
        client.close();
      }
    }
  }

  /// Sends until that fails.
  private static void sendOn(Connection to, int flushBytes, CompletableFuture<Void> sending) {
    byte[] block = new byte[flushBytes];
    try {
      while (to.output().tryFlush() != FlushResult.COMPLETED) {
        to.output().write(block, 0, block.length);
        sending.complete(null);
      }
    } catch (IOException e) {
      sending.completeExceptionally(e); // changes nothing where it has sent before
    }
  }

  @Test
  void whoDoesNotReadMakesThePeerWait() throws Exception {
    PipeOptions small = PipeOptions.defaults().withThresholds(16 << 10, 8 << 10);
    ConnectionOptions options = ConnectionOptions.defaults().withPipes(small, small);
    try (Listener listener =
        Listener.open(engine(), ANY_PORT, ListenOptions.defaults().withConnections(options))) {
      BlockingQueue<Connection> queue = accepted(listener);
      Connection client = Connection.connect(engine(), listener.address(), options);
      Connection server = queue.take();
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

  @Test
  void aPeerThatSaysNothingIsGivenUp() throws Exception {
    ConnectionOptions options =
        ConnectionOptions.defaults().withReceiveTime(Duration.ofMillis(100));
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      BlockingQueue<Connection> queue = accepted(listener);
      try (Connection client = Connection.connect(engine(), listener.address(), options);
          Connection server = queue.take()) {
        assertThatThrownBy(() -> client.input().read())
            .isInstanceOf(ConnectionException.class)
            .hasMessageContaining("nothing came for 100 ms");
        client.whenClosed().toCompletableFuture().join();
        assertThatThrownBy(() -> server.input().read()).isInstanceOf(ConnectionException.class);
      }
    }
  }

  @Test
  void aPeerThatTakesNothingIsGivenUp() throws Exception {
    ConnectionOptions options = ConnectionOptions.defaults().withSendTime(Duration.ofMillis(200));
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      BlockingQueue<Connection> queue = accepted(listener);
      try (Connection client = Connection.connect(engine(), listener.address(), options);
          Connection server = queue.take()) {
        byte[] block = new byte[64 << 10];
        assertThatThrownBy(
                () -> {
                  while (true) {
                    client.output().write(block, 0, block.length);
                    client.output().flush();
                  }
                })
            .isInstanceOf(ConnectionException.class)
            .hasMessageContaining("200 ms");
        client.whenClosed().toCompletableFuture().join();
        assertThat(server.input().readAtLeast(1).size()).isPositive();
        server.abort();
      }
    }
  }

  @Test
  void aConnectThatNobodyAnswersIsGivenUp() throws Exception {
    List<Connection> waiting = new ArrayList<>();
    try (Listener listener = full(waiting)) {
      assertThat(waiting.size()).isLessThan(MANY);
      assertThatThrownBy(() -> connectShortly(listener))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(listener.address().toString());
    }
    letGo(waiting);
  }

  /// Where the host has another address, that one is not tried.
  @Test
  void aConnectThatIsInterruptedEndsAtOnce() throws Exception {
    List<Connection> waiting = new ArrayList<>();
    try (Listener listener = full(waiting)) {
      Address host = Address.of("localhost", listener.address().port());
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> Connection.connect(engine(), host))
          .isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).as("the thread stays interrupted").isTrue();
    }
    letGo(waiting);
  }

  /// A listener whose backlog is full: the kernel drops what comes, and a connect waits.
  private Listener full(List<Connection> waiting) throws IOException {
    Listener listener = Listener.open(engine(), ANY_PORT, ListenOptions.defaults().withBacklog(1));
    try {
      while (waiting.size() < MANY) {
        waiting.add(connectShortly(listener));
      }
    } catch (ConnectionException e) {
      assertThat(e).hasMessageContaining("no answer");
    }
    return listener;
  }

  private Connection connectShortly(Listener to) throws IOException {
    Duration time = Duration.ofMillis(200);
    return Connection.connect(
        engine(), to.address(), ConnectionOptions.defaults().withConnectTime(time));
  }

  private static void letGo(List<Connection> waiting) {
    for (Connection each : waiting) {
      each.abort();
      each.close();
      each.whenClosed().toCompletableFuture().join();
    }
  }

  @Test
  void aRefusedConnectionNamesAddressAndRemedy() throws Exception {
    Listener listener = Listener.open(engine(), ANY_PORT);
    Address gone = listener.address();
    listener.close();
    assertThatThrownBy(() -> Connection.connect(engine(), gone))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(gone.toString())
        .hasMessageContaining("ECONNREFUSED")
        .hasMessageContaining("start the server");
  }

  @Test
  void closesOfBothEndsAtOnceLeakNothing() throws Exception {
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      for (int i = 0; i < 50; i++) {
        BlockingQueue<Connection> queue = accepted(listener);
        Connection client = Connection.connect(engine(), listener.address());
        Connection server = queue.take();
        send(client, "some");
        Thread other = Thread.startVirtualThread(i % 2 == 0 ? server::close : server::abort);
        if (i % 3 == 0) {
          client.abort();
        }
        client.close();
        other.join();
        server.close();
      }
    }
  }

  @Test
  void aClosedEngineEndsItsConnections() throws Exception {
    Listener listener = Listener.open(engine(), ANY_PORT);
    BlockingQueue<Connection> queue = accepted(listener);
    Connection client = Connection.connect(engine(), listener.address());
    Connection server = queue.take();
    engine().close();
    assertThatThrownBy(() -> client.input().read()).isInstanceOf(IOException.class);
    client.close();
    server.close();
  }

  /// A client that sends on and on, and reads when it is done, gets all that was said before the
  /// close, and then the end: no reset.
  @Test
  void whatThePeerStillSendsDoesNotCostItOurLastBytes() throws Exception {
    byte[] last = new byte[200_000];
    Arrays.fill(last, (byte) 'z');
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      BlockingQueue<Connection> queue = accepted(listener);
      try (Socket client =
          new Socket(InetAddress.getLoopbackAddress(), listener.address().port())) {
        Connection server = queue.take();
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
      BlockingQueue<Connection> queue = accepted(listener);
      try (Socket client =
          new Socket(InetAddress.getLoopbackAddress(), listener.address().port())) {
        Connection server = queue.take();
        server.close();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        server.whenClosed().toCompletableFuture().join();
      }
    }
  }

  /// A socket is closed, whatever comes of the memory for what its peer still sends.
  @Test
  void aConnectionWithoutMemoryToLingerIsClosed() throws Exception {
    AtomicBoolean refusing = new AtomicBoolean();
    BufferPool pool =
        watched(
            engine().pool(),
            () -> {
              if (refusing.get()) {
                throw new OutOfMemoryError("a test's");
              }
            });
    try (Listener listener = Listener.open(engine(), ANY_PORT, listening(pool))) {
      BlockingQueue<Connection> queue = accepted(listener);
      try (Socket client =
          new Socket(InetAddress.getLoopbackAddress(), listener.address().port())) {
        Connection server = queue.take();
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
      BlockingQueue<Connection> queue = accepted(listener);
      try (Socket client =
          new Socket(InetAddress.getLoopbackAddress(), listener.address().port())) {
        Connection server = queue.take();
        server.close();
        client.getOutputStream().write(new byte[50_000]);
        client.shutdownOutput();
        assertThat(client.getInputStream().read()).as("an end, no reset").isEqualTo(-1);
        server.whenClosed().toCompletableFuture().get(20, TimeUnit.SECONDS);
      }
    }
  }

  private static ListenOptions listening(BufferPool pool) {
    return ListenOptions.defaults().withConnections(ConnectionOptions.defaults().withPool(pool));
  }

  @Test
  void whatIsJustBeingAcceptedIsBrokenOffWithTheOthers() throws Exception {
    AtomicReference<@Nullable Listener> aborted = new AtomicReference<>();
    BufferPool pool =
        watched(
            engine().pool(),
            () -> {
              Listener listener = aborted.getAndSet(null);
              if (listener != null) {
                listener.abort(); // a connection that starts takes its first memory
              }
            });
    try (Listener listener = Listener.open(engine(), ANY_PORT, listening(pool))) {
      aborted.set(listener);
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), listener.address().port())) {
        Connection server = listener.accept();
        assertThat(aborted.get()).isNull();
        assertThat(server).isNotNull();
        server.whenClosed().toCompletableFuture().get(20, TimeUnit.SECONDS);
        server.close();
      }
    }
  }

  private interface Watch {
    void asked() throws IOException;
  }

  /// What `pool` is, telling `watch` of requests for memory before they are granted.
  private static BufferPool watched(BufferPool pool, Watch watch) {
    InvocationHandler handler =
        (_, method, arguments) -> {
          if (method.getName().equals("tryAcquire")) {
            watch.asked();
          }
          try {
            return method.invoke(pool, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    Class<?>[] types = {BufferPool.class};
    return (BufferPool) Proxy.newProxyInstance(BufferPool.class.getClassLoader(), types, handler);
  }

  /// Not after the time that a socket may linger.
  @Test
  void aBreakEndsTheLingering() throws Exception {
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      BlockingQueue<Connection> queue = accepted(listener);
      try (Socket client =
          new Socket(InetAddress.getLoopbackAddress(), listener.address().port())) {
        Connection server = queue.take();
        server.close();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        server.abort();
        server.whenClosed().toCompletableFuture().join();
      }
    }
  }
}
