package io.ringwell.bench;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringwell.uring.Opcode;
import io.ringwell.uring.Ring;
import io.ringwell.uring.RingOptions;
import io.ringwell.uring.RingUnavailableException;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// Sends messages over several connections and waits for each to come back before it sends the
/// next: one thread, one ring, no engine, so that it costs less than any server.
final class EchoClient implements AutoCloseable {
  private static final int AF_INET = 2;
  private static final int SOCK_STREAM = 1;
  private static final int ADDRESS_BYTES = 16;
  private static final int MSG_WAITALL = 1 << 8;
  private static final int ENTRIES = 1024;
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  /// User data of what is only waited for; of a receive it is the connection's number.
  private static final long SENT = -1;

  private static final long CALLED = -2;

  private final Arena arena = Arena.ofConfined();
  private final Ring ring;
  private final int[] sockets;
  private final int bytes;
  private final MemorySegment out;
  private final MemorySegment in;
  private long messages;

  /// Connects.
  EchoClient(int port, int connections, int bytes) throws IOException {
    this.bytes = bytes;
    sockets = new int[connections];
    out = arena.allocate((long) connections * bytes, Long.BYTES);
    in = arena.allocate((long) connections * bytes, Long.BYTES);
    try {
      ring = Ring.open(RingOptions.of(ENTRIES));
    } catch (RingUnavailableException e) {
      throw new IOException(e);
    }
    MemorySegment address = arena.allocate(ADDRESS_BYTES, Long.BYTES);
    address.set(JAVA_SHORT, 0, (short) AF_INET);
    address.set(JAVA_SHORT, 2, Short.reverseBytes((short) port));
    MemorySegment.copy(LOOPBACK, 0, address, JAVA_BYTE, 4, LOOPBACK.length);
    for (int i = 0; i < connections; i++) {
      next().set(Opcode.SOCKET, 0, 0, AF_INET, SOCK_STREAM, 0, 0, 0, CALLED, 0, 0);
      sockets[i] = call();
      next()
          .set(
              Opcode.CONNECT,
              0,
              0,
              sockets[i],
              ADDRESS_BYTES,
              address.address(),
              0,
              0,
              CALLED,
              0,
              0);
      call();
    }
  }

  private Submission next() {
    return Objects.requireNonNull(ring.next());
  }

  private int call() throws IOException {
    ring.enter(1);
    if (!ring.advance() || ring.result() < 0) {
      throw new IOException("errno " + -ring.result());
    }
    return ring.result();
  }

  /// Messages a second, over so many nanoseconds.
  double run(long nanos) throws IOException {
    long before = messages;
    for (int i = 0; i < sockets.length; i++) {
      exchange(i);
    }
    long start = System.nanoTime();
    int pending = sockets.length;
    while (pending > 0) {
      ring.enter(1);
      boolean goOn = System.nanoTime() - start < nanos;
      while (ring.advance()) {
        if (ring.result() != bytes) {
          throw new IOException("a send or receive answered " + ring.result());
        }
        if (ring.userData() == SENT) {
          continue;
        }
        int connection = (int) ring.userData();
        check(connection);
        messages++;
        if (goOn) {
          exchange(connection);
        } else {
          pending--;
        }
      }
    }
    // Sends end before what they bring about.
    return (messages - before) / ((System.nanoTime() - start) / 1e9);
  }

  /// Both go to the kernel by the next enter.
  private void exchange(int connection) {
    long at = (long) connection * bytes;
    int socket = sockets[connection];
    out.set(JAVA_LONG, at, out.get(JAVA_LONG, at) + 1);
    next().set(Opcode.SEND, 0, 0, socket, 0, out.address() + at, bytes, 0, SENT, 0, 0);
    next()
        .set(Opcode.RECV, 0, 0, socket, 0, in.address() + at, bytes, MSG_WAITALL, connection, 0, 0);
  }

  private void check(int connection) throws IOException {
    long at = (long) connection * bytes;
    if (in.get(JAVA_LONG, at) != out.get(JAVA_LONG, at)) {
      throw new IOException("another message came back");
    }
  }

  @Override
  public void close() {
    for (int socket : sockets) {
      next().set(Opcode.CLOSE, 0, 0, socket, 0, 0, 0, 0, CALLED, 0, 0);
      ring.enter(1);
      ring.advance();
    }
    ring.close();
    arena.close();
  }
}
