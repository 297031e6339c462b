package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.net.Address;
import io.ringwell.net.Connection;
import io.ringwell.net.Duplex;
import io.ringwell.net.ListenOptions;
import io.ringwell.net.Listener;
import io.ringwell.net.Relay;
import io.ringwell.net.Tls;
import io.ringwell.net.TlsOptions;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Accepts connections, and carries each of them on, on a virtual thread of its own.
///
/// A connection that fails is told of in one line and ends none but itself. As many are accepted as
/// the plan has memory for: one counts until both its sockets are closed and its thread has ended.
final class Tunnel implements AutoCloseable {
  /// For those that were broken off to end: nothing of them waits for a peer any more.
  private static final long PATIENCE_SECONDS = 5;

  /// What an engine has in flight for a connection: a receive and a send on either side.
  private static final int OPERATIONS = 4;

  private static final int OTHER_OPERATIONS = 64;

  private final TunnelPlan plan;
  private final Consumer<String> report;
  private final Engine engine;
  private final Listener listener;
  private final Semaphore room;
  private final Set<Carried> all = ConcurrentHashMap.newKeySet();
  private volatile boolean ending;

  private Tunnel(TunnelPlan plan, Consumer<String> report, Engine engine, Listener listener) {
    this.plan = plan;
    this.report = report;
    this.engine = engine;
    this.listener = listener;
    this.room = new Semaphore(plan.connections());
  }

  /// Listens. Who connects waits for [#serve].
  ///
  /// @param report is told of connections that failed, from their threads
  static Tunnel open(TunnelPlan plan, Consumer<String> report) throws IOException {
    EngineOptions options =
        EngineOptions.defaults()
            .withSocketOperations(OPERATIONS * plan.connections() + OTHER_OPERATIONS);
    Engine engine = Engine.open(options);
    Listener listener = null;
    try {
      ListenOptions listening =
          ListenOptions.defaults()
              .withConnections(plan.socket(plan.accepting()))
              .withMaxConnections(plan.connections());
      listener = Listener.open(engine, plan.listen(), listening);
      return new Tunnel(plan, report, engine, listener);
    } finally {
      if (listener == null) {
        engine.close();
      }
    }
  }

  Address address() {
    return listener.address();
  }

  /// Connections that are carried now.
  int connections() {
    return plan.connections() - room.availablePermits();
  }

  /// Accepts until this ends; parks.
  ///
  /// @throws IOException where nothing can be accepted any more
  void serve() throws IOException {
    while (true) {
      room.acquireUninterruptibly();
      boolean started = false;
      try {
        Connection next = ending ? null : listener.accept();
        if (next == null) {
          return;
        }
        Carried carried = new Carried(next);
        all.add(carried);
        carried.thread.start();
        started = true;
        if (ending) {
          carried.breakOff();
        }
      } finally {
        if (!started) {
          room.release();
        }
      }
    }
  }

  /// Stops listening, breaks off what is carried, and waits until all of that has ended and was
  /// told of; at most five seconds.
  ///
  /// @return how many were broken off
  int end() throws IOException {
    ending = true;
    listener.close();
    int broken = 0;
    for (Carried each : all) {
      broken += each.breakOff() ? 1 : 0;
    }
    try {
      if (room.tryAcquire(plan.connections(), PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        room.release(plan.connections());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever is in that much of a hurry
    }
    return broken;
  }

  @Override
  public void close() throws IOException {
    try {
      end();
    } finally {
      engine.close();
    }
  }

  /// A socket, and the stage above it where there is one.
  private record Side(Connection connection, @Nullable Tls tls) {
    Duplex pipes() {
      return tls == null ? connection : tls;
    }

    void shakeHands() throws IOException {
      if (tls != null) {
        tls.handshake();
      }
    }

    /// What the peer is to learn of a failed handshake still goes.
    void abort() {
      if (tls == null) {
        connection.abort();
      } else {
        tls.abort();
      }
    }

    /// Parks until the socket is closed, too: until then it may have memory.
    void close() {
      if (tls == null) {
        connection.close();
      } else {
        tls.close();
      }
      connection.whenClosed().toCompletableFuture().join();
    }
  }

  /// A connection that came, and the one that it is carried on by.
  private final class Carried {
    private final Connection incoming;
    private final Thread thread = Thread.ofVirtual().unstarted(this::run);

    /// Whether it failed, and was told of, or was broken off by [Tunnel#end]. The first counts.
    private final AtomicBoolean settled = new AtomicBoolean();

    private volatile @Nullable Connection outgoing;

    Carried(Connection incoming) {
      this.incoming = incoming;
    }

    /// From any thread.
    ///
    /// @return whether that is how it ends
    boolean breakOff() {
      boolean first = settled.compareAndSet(false, true);
      thread.interrupt(); // it may be connecting
      incoming.abort();
      Connection other = outgoing;
      if (other != null) {
        other.abort();
      }
      return first;
    }

    private void run() {
      try {
        carry();
      } catch (Exception | Error e) {
        tell(e);
      } finally {
        all.remove(this);
        room.release();
      }
    }

    private void carry() throws IOException {
      Side front = accepted();
      try {
        front.shakeHands();
        carryOn(front);
      } catch (Exception | Error e) {
        tell(e);
        front.abort();
        throw e;
      } finally {
        front.close();
      }
    }

    private void carryOn(Side front) throws IOException {
      Side back = connected();
      try {
        shakeHandsWithTarget(back);
        Relay.between(front.pipes(), back.pipes());
      } catch (Exception | Error e) {
        tell(e);
        back.abort();
        throw e;
      } finally {
        back.close();
      }
    }

    private Side accepted() throws IOException {
      TlsOptions stage = plan.accepting();
      return new Side(incoming, stage == null ? null : Tls.server(incoming, stage));
    }

    private Side connected() throws IOException {
      TlsOptions stage = plan.connecting();
      Connection connection = Connection.connect(engine, plan.to(), plan.socket(stage));
      outgoing = connection;
      if (ending) {
        connection.abort(); // whoever ends it may not have seen this one
      }
      return new Side(connection, stage == null ? null : Tls.client(connection, plan.to(), stage));
    }

    private void shakeHandsWithTarget(Side back) throws IOException {
      try {
        back.shakeHands();
      } catch (SSLException e) {
        throw new IOException(plan.to() + ": " + e.getMessage(), e);
      }
    }

    /// In one line, once.
    private void tell(Throwable failure) {
      if (settled.compareAndSet(false, true)) {
        String peer = incoming.toString();
        String cause = Failure.describe(failure);
        report.accept(cause.startsWith(peer) ? cause : peer + ": " + cause);
      }
    }
  }
}
