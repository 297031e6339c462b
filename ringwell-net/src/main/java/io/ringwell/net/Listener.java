package io.ringwell.net;

import io.ringwell.engine.Engine;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.engine.SocketHandle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Waits for connections at an address.
///
/// ```java
/// try (Listener listener = Listener.open(engine, Address.parse("127.0.0.1:7"))) {
///   listener.serve(connection -> ...); // each on a virtual thread of its own
///   listener.serve(tlsOptions, tls -> ...); // or so, within TLS
/// }
/// ```
///
/// **Bounds.** At most [ListenOptions#maxConnections] are open at once; the others wait in the
/// kernel's backlog. A process that is out of descriptors accepts again when it has some.
///
/// **Threads.** One thread accepts at a time, or serves; [#close] comes from any.
public final class Listener implements AutoCloseable {
  /// What to do about these is to wait: for descriptors, for memory, for the next that comes.
  private static final Set<String> PASSING =
      Set.of("EMFILE", "ENFILE", "ENOMEM", "ENOBUFS", "ECONNABORTED");

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Engine engine;
  private final SocketHandle socket;
  private final Address address;
  private final ListenOptions options;
  private final Semaphore room;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final Operation accept = new Operation();
  private final Operation pause = new Operation();
  private volatile boolean closing;
  private volatile boolean aborting;

  private Listener(Engine engine, SocketHandle socket, ListenOptions options) throws IOException {
    this.engine = engine;
    this.socket = socket;
    this.options = options;
    this.room = new Semaphore(options.maxConnections());
    this.address = Address.of(socket.localAddress());
  }

  /// Listens with [ListenOptions#defaults].
  public static Listener open(Engine engine, Address at) throws IOException {
    return open(engine, at, ListenOptions.defaults());
  }

  /// Listens: from when this returns, connections are taken, and wait to be accepted.
  ///
  /// @throws IOException where the address is in use or cannot be had; the message names it, and
  ///   what to do
  public static Listener open(Engine engine, Address at, ListenOptions options) throws IOException {
    Operation op = new Operation().listen(at.resolve().getFirst(), options.backlog());
    engine.submit(op);
    op.await();
    return new Listener(engine, op.openedSocket(), options);
  }

  /// The address at which it listens: with the port that was taken where 0 was asked for.
  public Address address() {
    return address;
  }

  /// Connections that are open now.
  public int connections() {
    return open.size();
  }

  /// Waits for the next connection; parks. While as many are open as may be, waits for one of them
  /// to be closed first.
  ///
  /// @return null where this was closed
  public @Nullable Connection accept() throws IOException {
    room.acquireUninterruptibly();
    boolean taken = false;
    try {
      Connection connection = acceptNext();
      taken = connection != null;
      if (connection != null) {
        open.add(connection);
        connection
            .whenClosed()
            .thenRun(() -> {
              open.remove(connection);
              room.release();
            });
        if (aborting) {
          connection.abort(); // whoever broke off may not have seen it
        }
      }
      return connection;
    } finally {
      if (!taken) {
        room.release();
      }
    }
  }

  private @Nullable Connection acceptNext() throws IOException {
    while (!closing) {
      try {
        SocketHandle peer = acceptOne();
        if (peer != null) {
          return Connection.start(engine, peer, nameOf(peer), options.connections());
        }
      } catch (OperationException e) {
        if (!PASSING.contains(e.errnoName())) {
          throw e;
        }
        engine.submit(pause.timeout(PAUSE));
        pause.await();
      }
    }
    return null;
  }

  private @Nullable SocketHandle acceptOne() throws IOException {
    try {
      engine.submit(accept.accept(socket));
    } catch (IllegalStateException e) {
      if (closing) {
        return null;
      }
      throw e;
    }
    if (closing) {
      engine.cancel(accept);
    }
    try {
      accept.await();
      return accept.openedSocket();
    } catch (OperationException e) {
      if (closing) {
        return null;
      }
      throw e;
    }
  }

  private String nameOf(SocketHandle peer) throws IOException {
    if (peer.isUnix()) {
      return "a peer at " + address;
    }
    try {
      return Address.of(peer.peerAddress()).toString();
    } catch (IOException e) {
      return "a peer that has gone from " + address;
    }
  }

  /// Accepts until this is closed, and has each connection handled on a virtual thread of its own;
  /// parks. Handlers may go on when this returns.
  public void serve(ConnectionHandler handler) throws IOException {
    serveEach(connection -> handle(connection, handler));
  }

  /// The same within TLS: the handler is called when hands are shaken. Where they are not, and
  /// where it throws, [ListenOptions#onFailure] is told.
  public void serve(TlsOptions tls, TlsHandler handler) throws IOException {
    serveEach(connection -> handle(connection, tls, handler));
  }

  private void serveEach(Consumer<Connection> handling) throws IOException {
    for (Connection next = accept(); next != null; next = accept()) {
      Connection connection = next;
      Thread.startVirtualThread(() -> handling.accept(connection));
    }
  }

  private void handle(Connection connection, ConnectionHandler handler) {
    try {
      handler.handle(connection);
    } catch (Exception | Error e) {
      connection.abort();
      options.onFailure().accept(connection.toString(), e);
    } finally {
      connection.close();
    }
  }

  /// Of a failed handshake the peer is told by an alert: the stage breaks the connection off where
  /// there is none, and not this.
  private void handle(Connection connection, TlsOptions stage, TlsHandler handler) {
    try {
      Tls tls = Tls.server(connection, stage);
      try {
        tls.handshake();
        handler.handle(tls);
      } catch (Exception | Error e) {
        tls.abort();
        throw e;
      } finally {
        tls.close();
      }
    } catch (Exception | Error e) {
      options.onFailure().accept(connection.toString(), e);
    }
  }

  /// Stops listening, and removes the path of a Unix domain socket. Connections that are open stay
  /// so; what waited to be accepted is refused. Parks for a moment.
  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (closing) {
        return;
      }
      closing = true;
    }
    // Whoever waits for room looks again.
    room.release();
    engine.cancel(accept);
    engine.close(socket);
    Path path = address.path();
    if (path != null) {
      Files.deleteIfExists(path);
    }
  }

  /// The same, and breaks off the connections that are open.
  public void abort() throws IOException {
    aborting = true;
    close();
    for (Connection each : open) {
      each.abort();
    }
  }

  @Override
  public String toString() {
    return "Listener[" + address + (closing ? ", closed]" : "]");
  }
}
