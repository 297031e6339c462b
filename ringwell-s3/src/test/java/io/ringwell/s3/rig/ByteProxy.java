package io.ringwell.s3.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/// Stands between a client and a server on loopback and understands nothing of what they say: the
/// bytes of a connection pass, until so many have, and then it is harmed. That is how TLS from end
/// to end is tried.
///
/// Each connection has two virtual threads. Closing it ends all connections.
public final class ByteProxy implements AutoCloseable {
  /// What happens to a connection.
  public enum Harm {
    NONE,
    /// It ends, as of a peer that has gone.
    CUT,
    /// It ends, as of a peer that has crashed (RST).
    RESET,
    /// Nothing passes any more in this direction, until one side gives up.
    STALL,
    /// One bit is another one.
    FLIP
  }

  /// @param up whether the client's bytes are counted, else the server's
  /// @param after so many of them
  public record Plan(Harm harm, boolean up, long after) {
    public static final Plan NONE = new Plan(Harm.NONE, true, Long.MAX_VALUE);
  }

  private static final int BUFFER_BYTES = 32 << 10;

  private final int upstream;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong harmed = new AtomicLong();
  private volatile IntFunction<Plan> plans = number -> Plan.NONE;
  private volatile boolean closed;

  /// @param upstream the server's port
  public ByteProxy(int upstream) {
    this.upstream = upstream;
    try {
      listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("no port for the proxy", e);
    }
    Thread.ofVirtual().name("byte-proxy").start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// What happens to connections from the next one on, which is number 0. Asked by one thread.
  public void plan(IntFunction<Plan> next) {
    connections.set(0);
    plans = next;
  }

  /// How many connections came to harm so far.
  public long harmed() {
    return harmed.get();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = opened(listener.accept());
        Plan plan = plans.apply(connections.getAndIncrement());
        Thread.ofVirtual().name("byte-proxy-up").start(() -> serve(client, plan));
      } catch (SocketException e) {
        if (!closed) {
          throw new UncheckedIOException("the proxy cannot accept", e);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("the proxy cannot accept", e);
      }
    }
  }

  private Socket opened(Socket socket) throws IOException {
    open.add(socket);
    socket.setTcpNoDelay(true);
    if (closed) {
      socket.close();
    }
    return socket;
  }

  private void serve(Socket client, Plan plan) {
    try (client;
        Socket server = opened(new Socket(InetAddress.getLoopbackAddress(), upstream))) {
      try {
        Thread down =
            Thread.ofVirtual()
                .name("byte-proxy-down")
                .start(() -> pump(server, client, plan.up ? Plan.NONE : plan));
        pump(client, server, plan.up ? plan : Plan.NONE);
        down.join();
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

  /// Until one side ends, or the plan does, which ends the other direction, too.
  private void pump(Socket from, Socket to, Plan plan) {
    byte[] buffer = new byte[BUFFER_BYTES];
    long left = plan.after;
    boolean harmless = plan.harm == Harm.NONE;
    try (from;
        to) {
      for (int got = read(from, buffer); got >= 0; got = read(from, buffer)) {
        if (harmless || got <= left) {
          to.getOutputStream().write(buffer, 0, got);
          left -= got;
          continue;
        }
        harmed.incrementAndGet();
        if (plan.harm == Harm.FLIP) {
          buffer[(int) left] ^= 0x10;
          to.getOutputStream().write(buffer, 0, got);
          harmless = true;
          continue;
        }
        to.getOutputStream().write(buffer, 0, (int) left);
        end(from, to, plan.harm);
        return;
      }
    } catch (IOException e) {
      // As above.
    }
  }

  private static int read(Socket from, byte[] buffer) throws IOException {
    return from.getInputStream().read(buffer);
  }

  private static void end(Socket from, Socket to, Harm harm) throws IOException {
    if (harm == Harm.RESET) {
      from.setSoLinger(true, 0);
      to.setSoLinger(true, 0);
    } else if (harm == Harm.STALL) {
      byte[] away = new byte[BUFFER_BYTES];
      while (read(from, away) >= 0) {
        // Until somebody gives up.
      }
    }
  }

  /// Ends all connections.
  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
      for (Socket each : open) {
        each.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the proxy does not close", e);
    }
  }
}
