package io.ringwell.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The connections of a store, kept for the next request. [SocketThreads] says how many are in use
/// at the most.
final class Wires implements AutoCloseable {
  /// Stores close what is idle for longer; Amazon's after 20 s, other ones after 5.
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(4);

  private record Idle(String host, int port, boolean secure, Wire wire, long since) {}

  private final @Nullable Tls tls;
  private final Deque<Idle> idle = new ArrayDeque<>();
  private boolean closed;

  Wires(@Nullable Tls tls) {
    this.tls = tls;
  }

  /// One that was used before; null where there is none, or none that is likely to be good still.
  @Nullable Wire idle(RequestSigner.Signed to) throws IOException {
    List<Wire> old = new ArrayList<>();
    Wire found = null;
    synchronized (this) {
      long now = System.nanoTime();
      while (!idle.isEmpty() && now - idle.getFirst().since > IDLE_NANOS) {
        old.add(idle.removeFirst().wire);
      }
      for (var each = idle.descendingIterator(); found == null && each.hasNext(); ) {
        Idle candidate = each.next();
        if (candidate.host.equals(to.to().getHost())
            && candidate.port == to.port()
            && candidate.secure == to.isSecure()) {
          found = candidate.wire;
          each.remove();
        }
      }
    }
    for (Wire each : old) {
      each.close();
    }
    return found;
  }

  /// A new one. Its channel is closed where the thread is interrupted.
  Wire connect(RequestSigner.Signed to) throws IOException {
    InetSocketAddress address = new InetSocketAddress(to.to().getHost(), to.port());
    if (address.isUnresolved()) {
      throw new UnknownHostException(to.to().getHost());
    }
    SocketChannel channel = SocketChannel.open();
    Wire wire = null;
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.connect(address);
      wire = to.isSecure() ? secure(to, channel) : new PlainWire(channel);
      return wire;
    } finally {
      if (wire == null) {
        channel.close();
      }
    }
  }

  private Wire secure(RequestSigner.Signed to, SocketChannel channel) throws IOException {
    if (tls == null) {
      throw new IllegalStateException("the store is spoken to without TLS");
    }
    return TlsWire.over(channel, tls.engine(to.to().getHost(), to.port()), tls.isNative());
  }

  /// For the next request.
  void keep(RequestSigner.Signed to, Wire wire) throws IOException {
    synchronized (this) {
      if (!closed && idle.size() < SocketThreads.MOST) {
        idle.addLast(
            new Idle(to.to().getHost(), to.port(), to.isSecure(), wire, System.nanoTime()));
        return;
      }
    }
    wire.close();
  }

  /// Ends those that are idle. Those in use end with their calls.
  @Override
  public void close() {
    List<Idle> last;
    synchronized (this) {
      closed = true;
      last = List.copyOf(idle);
      idle.clear();
    }
    IOException failure = null;
    for (Idle each : last) {
      try {
        each.wire.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw new UncheckedIOException("a connection does not close", failure);
    }
  }
}
