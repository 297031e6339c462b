package io.ringwell.net;

import io.ringwell.engine.Engine;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.engine.SocketHandle;
import io.ringwell.memory.BufferPool;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A connection over TCP or a Unix domain socket: what comes is in the input pipe, what is flushed
/// into the output pipe goes out. Nothing is copied between pipe and kernel.
///
/// ```java
/// try (Connection connection = Connection.connect(engine, Address.parse("localhost:7"))) {
///   connection.output().write("hello".getBytes(UTF_8), 0, 5);
///   connection.output().flush();
///   PipeRead answer = connection.input().readAtLeast(5);
///   ...
/// }
/// ```
///
/// **Waiting** is the pipes': park, stage or poll.
///
/// **Back-pressure.** While the reader of the input has more than `PipeOptions.pauseBytes` to look
/// at, nothing is received, and the peer's sends come to wait. While the peer takes nothing,
/// flushes of the output wait.
///
/// **End.** Each direction ends by itself: the input when the peer has ended its output, the output
/// when its writer is complete and all was sent. When both have ended, or the input's reader and
/// the output's writer are complete, the socket is closed. A peer that breaks off ends both with an
/// error, unless it had ended before; over Unix domain sockets, where there is no reset, that is
/// seen only where it has left something unread. A read after that throws at once, as the pipes
/// have it, whatever was received before and not read yet. Where the input's reader was complete
/// before the peer had ended, what the peer still sends is let go for two seconds at the most,
/// until it ends too, and the socket is closed then: an earlier close could cost it our last bytes.
///
/// **Threads.** As pipes. The work between is done on the engine's threads, and none waits for a
/// peer; but a flush sends by itself what is at most 4 KiB, where the socket has room
/// ([Engine#tryNow]): a system call of some microseconds, which spares two threads meeting.
public final class Connection implements Duplex, AutoCloseable {
  /// Both directions, and the start of them.
  private static final int PARTS = 3;

  private final Engine engine;
  private final SocketHandle socket;
  private final ConnectionOptions options;
  private final String name;
  private final Pipe incoming;
  private final Pipe outgoing;
  private final Receiver receiver;
  private final Sender sender;
  private final BufferPool pool;
  private final AtomicInteger parts = new AtomicInteger(PARTS);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  /// All was sent, and the peer knows that nothing follows.
  private volatile boolean endSent;

  private volatile boolean broken;
  private volatile @Nullable Lingering lingering;

  private Connection(Engine engine, SocketHandle socket, String name, ConnectionOptions options) {
    this.engine = engine;
    this.socket = socket;
    this.name = name;
    this.options = options;
    BufferPool given = options.pool();
    pool = given == null ? engine.pool() : given;
    // What the pipes tell this side is acted on by whoever does it.
    incoming = new Pipe(pool, options.input().withWriterScheduler(Runnable::run));
    outgoing = new Pipe(pool, options.output().withReaderScheduler(Runnable::run));
    receiver = new Receiver(this, incoming.writer());
    sender = new Sender(this, outgoing.reader());
  }

  /// Connects with [ConnectionOptions#defaults]; parks.
  public static Connection connect(Engine engine, Address to) throws IOException {
    return connect(engine, to, ConnectionOptions.defaults());
  }

  /// Connects; parks. Where a host has several addresses, they are tried one after the other.
  ///
  /// @throws IOException the last failure, which names address and remedy; the others suppressed
  /// @throws InterruptedIOException where the thread was interrupted; it stays so, and no other
  ///   address is tried
  public static Connection connect(Engine engine, Address to, ConnectionOptions options)
      throws IOException {
    long deadline = ConnectionOptions.deadline(options.connectTime());
    IOException failure = null;
    for (SocketAddress address : to.resolve()) {
      Operation op = new Operation().connect(address).deadline(deadline);
      try {
        engine.submit(op);
        op.await();
        return start(engine, op.openedSocket(), to.toString(), options);
      } catch (InterruptedIOException e) {
        Thread.currentThread().interrupt(); // as the pipes leave it, whose waits come next
        throw e;
      } catch (IOException e) {
        IOException told = refused(to, options, e);
        if (failure != null) {
          told.addSuppressed(failure);
        }
        failure = told;
      }
    }
    throw Objects.requireNonNull(failure);
  }

  private static IOException refused(Address to, ConnectionOptions options, IOException e) {
    if (e instanceof OperationException failed && failed.errnoName().equals("ETIME")) {
      String text = "connect " + to + ": no answer in " + options.connectTime().toMillis() + " ms";
      return new ConnectionException(text, e);
    }
    return e;
  }

  /// Makes a connection of a socket, which is the connection's from here on.
  static Connection start(
      Engine engine, SocketHandle socket, String name, ConnectionOptions options)
      throws IOException {
    boolean started = false;
    try {
      if (!socket.isUnix()) {
        // A peer that vanished without a word is found out after the system's time.
        socket.set(StandardSocketOptions.SO_KEEPALIVE, true);
        if (options.noDelay()) {
          socket.set(StandardSocketOptions.TCP_NODELAY, true);
        }
      }
      Connection connection = new Connection(engine, socket, name, options);
      started = true;
      connection.receiver.start();
      connection.sender.next();
      connection.partEnded();
      return connection;
    } finally {
      if (!started) {
        engine.close(socket);
      }
    }
  }

  @Override
  public PipeReader input() {
    return incoming.reader();
  }

  @Override
  public PipeWriter output() {
    return outgoing.writer();
  }

  /// The address at this end.
  ///
  /// @throws IOException where the connection has ended, or the peer has broken off
  public Address localAddress() throws IOException {
    try {
      return Address.of(socket.localAddress());
    } catch (IllegalStateException e) {
      throw afterTheEnd(e);
    }
  }

  /// The address at the other end.
  ///
  /// @throws IOException where the connection has ended, or the peer has broken off
  public Address peerAddress() throws IOException {
    try {
      return Address.of(socket.peerAddress());
    } catch (IllegalStateException e) {
      throw afterTheEnd(e);
    }
  }

  /// The socket is closed when both directions have ended, whoever is about to ask it for
  /// something.
  private ConnectionException afterTheEnd(IllegalStateException why) {
    return new ConnectionException(name + ": the connection has ended", why);
  }

  Engine engine() {
    return engine;
  }

  /// Where its pipes have their memory from.
  BufferPool pool() {
    return pool;
  }

  SocketHandle socket() {
    return socket;
  }

  ConnectionOptions options() {
    return options;
  }

  // ---- The end ---------------------------------------------------------------------------------

  /// With the peer gone, nothing more can be sent, either; with all received, it can.
  void receiverEnded(@Nullable Throwable error) {
    if (error != null && !input().isComplete()) {
      sender.stop(error);
    }
    partEnded();
  }

  /// @param peerRefused whether the error is that the peer takes no more: what it has sent is still
  ///   received
  void senderEnded(@Nullable Throwable error, boolean peerRefused) {
    if (error == null) {
      endSent = true;
    } else if (!peerRefused) {
      breakOff(error);
    }
    partEnded();
  }

  private void partEnded() {
    if (parts.decrementAndGet() > 0) {
      return;
    }
    ended.complete(null);
    if (!endSent || receiver.peerEnded() || broken) {
      closeSocket();
      return;
    }
    Duration limit = options.closeTime();
    boolean less = !limit.isZero() && limit.compareTo(Lingering.MOST) < 0;
    Lingering last = new Lingering(this, pool, less ? limit : Lingering.MOST);
    lingering = last;
    if (broken) {
      stopLingering(last); // whoever broke off may not have seen it
    }
    last.start();
  }

  private void stopLingering(Lingering last) {
    last.stop(new ConnectionException(this + ": broken off here"));
  }

  /// Once, when nothing is to be received or sent any more.
  void closeSocket() {
    try {
      Operation close = new Operation().close(socket).listener(_ -> closed.complete(null));
      if (!engine.trySubmit(close)) {
        Thread.startVirtualThread(() -> closeParking(close));
      }
    } catch (IllegalStateException e) {
      closed.complete(null); // the engine closes, and with it the socket
    }
  }

  private void closeParking(Operation close) {
    try {
      engine.submit(close);
    } catch (IOException | IllegalStateException e) {
      closed.complete(null); // as above: nobody interrupts this thread
    }
  }

  private void breakOff(Throwable why) {
    broken = true;
    if (!socket.isUnix() && socket.isOpen()) {
      try {
        socket.set(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException | IllegalStateException e) {
        // It is closed, or as good as that: there is nobody to be told of a reset.
        why.addSuppressed(e);
      }
    }
    receiver.stop(why);
    Lingering last = lingering;
    if (last != null) {
      stopLingering(last);
    }
  }

  /// Breaks off: what was not sent is not, the peer sees a reset, and whoever waits at the pipes
  /// gets an exception. Does not wait. From any thread, any number of times.
  public void abort() {
    abort(new ConnectionException(this + ": broken off here"));
  }

  void abort(Throwable why) {
    breakOff(why);
    sender.stop(why);
  }

  /// Completes input and output, and parks until what was flushed is sent; where that takes longer
  /// than [ConnectionOptions#closeTime], or the thread is interrupted, breaks off. The socket is
  /// closed by itself when the peer has ended too, two seconds later at the most ([#whenClosed]
  /// tells). For the thread that writes; any other calls [#abort()]. Again: does nothing more.
  @Override
  public void close() {
    output().complete();
    input().complete();
    Duration limit = options.closeTime();
    try {
      if (limit.isZero()) {
        ended.get();
      } else {
        ended.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (TimeoutException e) {
      abort(new ConnectionException(this + ": the peer did not take what was sent", e));
      ended.join();
    } catch (InterruptedException e) {
      abort();
      ended.join();
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new AssertionError("an end comes without an error", e);
    }
  }

  /// Completes when the socket is closed, however that came. What is chained to it must not block.
  public CompletionStage<Void> whenClosed() {
    return closed.minimalCompletionStage();
  }

  /// The peer's name, for messages.
  @Override
  public String toString() {
    return name;
  }
}
