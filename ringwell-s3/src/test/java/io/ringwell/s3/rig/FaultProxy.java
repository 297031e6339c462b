package io.ringwell.s3.rig;

import io.ringwell.s3.rig.Fault.Kind;
import io.ringwell.s3.rig.S3Request.Operation;
import io.ringwell.testkit.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Stands between a client and an S3 server on loopback and does to each request what a
/// [FaultScript] says: nothing, or one of [Fault]. It speaks HTTP/1.1 on both sides, and TLS to the
/// client where asked; `Host` goes through as it is, so that signatures stay valid.
///
/// ```java
/// try (FaultProxy proxy = FaultProxy.http(s3, r -> Fault.NONE)) {
///   connect(proxy.endpoint());
///   proxy.script(r -> r.operation() == Operation.COMPLETE_UPLOAD
///       ? Fault.at(Kind.LOSE_ANSWER, 0) : Fault.NONE);
/// }
/// ```
///
/// Each connection has a virtual thread. Closing it ends all connections; requests that are held
/// stay so until their signal comes.
public final class FaultProxy implements AutoCloseable {
  private final int upstream;
  private final @Nullable SSLContext tls;
  private final ServerSocket listener;
  private final Throttle throttle = new Throttle();
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong number = new AtomicLong();
  private final Map<Kind, LongAdder> injected = new EnumMap<>(Kind.class);
  private final Map<Operation, LongAdder> seen = new EnumMap<>(Operation.class);
  private volatile FaultScript script;
  private volatile boolean closed;

  private FaultProxy(int upstream, @Nullable SSLContext tls, FaultScript script) {
    this.upstream = upstream;
    this.tls = tls;
    this.script = script;
    for (Kind kind : Kind.values()) {
      injected.put(kind, new LongAdder());
    }
    for (Operation operation : Operation.values()) {
      seen.put(operation, new LongAdder());
    }
    try {
      listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("no port for the proxy", e);
    }
    Thread.ofVirtual().name("fault-proxy").start(this::accept);
  }

  /// Before the server's http address.
  public static FaultProxy http(LocalS3 server, FaultScript script) {
    return http(server.http().getPort(), script);
  }

  /// Before a server's http address on loopback.
  public static FaultProxy http(int port, FaultScript script) {
    return new FaultProxy(port, null, script);
  }

  /// With TLS to the client, by the same certificate as the server's.
  public static FaultProxy https(LocalS3 server, FaultScript script) {
    return new FaultProxy(server.http().getPort(), TestCertificates.server(), script);
  }

  /// What clients are told to connect to.
  public URI endpoint() {
    return URI.create((tls == null ? "http" : "https") + "://127.0.0.1:" + listener.getLocalPort());
  }

  /// From the next request on.
  public void script(FaultScript next) {
    script = next;
  }

  /// Bodies go through at this rate, both ways and all together; 0 for as fast as can be.
  public void limit(long bytesPerSecond) {
    throttle.limit(bytesPerSecond);
  }

  /// How often a fault of this kind was asked for so far.
  public long injected(Kind kind) {
    return count(injected.get(kind));
  }

  /// Requests of this kind so far, harmed or not.
  public long seen(Operation operation) {
    return count(seen.get(operation));
  }

  private static long count(@Nullable LongAdder adder) {
    return Objects.requireNonNull(adder).sum();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket socket = listener.accept();
        Thread.ofVirtual().name("fault-proxy-client").start(() -> serve(socket));
      } catch (SocketException e) {
        if (!closed) {
          throw new UncheckedIOException("the proxy cannot accept", e);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("the proxy cannot accept", e);
      }
    }
  }

  private void serve(Socket socket) {
    try (Connection client = opened(Connection.of(socket, tls));
        Connection server = opened(Connection.to(upstream))) {
      try {
        boolean again = true;
        while (again) {
          HttpHead head = HttpHead.read(client.in);
          again = head != null && exchange(client, server, head);
        }
      } finally {
        open.remove(client);
        open.remove(server);
      }
    } catch (IOException e) {
      // One of the two has gone, and closing both tells the other: that is all a proxy can do.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Connection opened(Connection connection) throws IOException {
    open.add(connection);
    if (closed) {
      connection.close();
    }
    return connection;
  }

  private boolean exchange(Connection client, Connection server, HttpHead head)
      throws IOException, InterruptedException {
    S3Request request = S3Request.of(number.getAndIncrement(), head);
    Objects.requireNonNull(seen.get(request.operation())).increment();
    Fault fault = script.on(request);
    Objects.requireNonNull(injected.get(fault.kind())).increment();
    return new Exchange(client, server, head, fault, throttle).run();
  }

  /// Ends all connections. What was on its way is lost.
  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
      for (Connection each : open) {
        each.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the proxy does not close", e);
    }
  }
}
