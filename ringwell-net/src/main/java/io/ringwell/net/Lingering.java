package io.ringwell.net;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.IoBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Takes what the peer still sends to a connection that has sent all and that nobody reads, and
/// lets it go, until the peer has ended too, or for a time.
///
/// A socket that is closed while data for it lies there, or before more comes, answers with a
/// reset; and a reset may overtake the last bytes that went out, or have the peer's system forget
/// those that have arrived (RFC 9112, 9.6). By the end of the time they have got there.
final class Lingering extends Direction {
  /// Many round trips, and short enough that nobody holds many sockets by never ending.
  static final Duration MOST = Duration.ofSeconds(2);

  private static final int BYTES = 16 << 10;

  private final BufferPool pool;
  private final long deadline;
  private @Nullable IoBuffer scratch;

  /// @param pool the connection's: what comes is as secret as what was read
  Lingering(Connection connection, BufferPool pool, Duration time) {
    super(connection);
    this.pool = pool;
    this.deadline = System.nanoTime() + time.toNanos();
  }

  /// Begins. Where there is no memory, ends at once: nobody else closes the socket.
  void start() {
    try {
      scratch = pool.tryAcquire(Math.min(BYTES, pool.maxBufferBytes()));
    } catch (RuntimeException | Error e) {
      end(e); // the pool is closed, or the system has no memory for it
      return;
    }
    receive();
  }

  private void receive() {
    IoBuffer into = scratch;
    if (into == null || stop() != null || System.nanoTime() - deadline >= 0) {
      end(null);
      return;
    }
    try {
      op.receive(connection.socket(), into, 0, into.capacity()).deadline(deadline);
    } catch (RuntimeException e) {
      end(e);
      return;
    }
    submit();
  }

  @Override
  void step() {
    if (op.errno() == 0 && op.transferred() > 0) {
      receive();
    } else {
      end(null); // the peer has ended or broken off, or the time is over: all is well
    }
  }

  @Override
  void wake() {
    // It waits for the peer alone.
  }

  @Override
  void tellEnd(@Nullable Throwable error) {
    IoBuffer used = scratch;
    scratch = null;
    try {
      if (used != null) {
        used.close();
      }
    } finally {
      connection.closeSocket();
    }
  }
}
