package io.ringwell.net;

import io.ringwell.memory.BufferPool;
import io.ringwell.pipe.FlushResult;
import io.ringwell.pipe.PipeOptions;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// Receives into the memory of the input pipe, where its reader finds it.
///
/// | step | left by |
/// |---|---|
/// | receiving | the completion of the receive |
/// | paused: the reader has enough, and no receive is in flight, so that the peer waits | the reader |
/// | without memory: a virtual thread waits for some | the pool, or the reader |
/// | ended | nothing |
final class Receiver extends Direction {
  /// Windows grow while they are filled, and shrink while little comes.
  private static final long LEAST_BYTES = 2 << 10;

  private static final long MOST_BYTES = 64 << 10;

  private final PipeWriter into;
  private final Duration limit;
  private final Runnable show = this::show;
  private final long least;
  private final long most;
  private long wanted;
  private long asked;
  private boolean peerEnded;

  Receiver(Connection connection, PipeWriter into) {
    super(connection);
    this.into = into;
    this.limit = connection.options().receiveTime();
    PipeOptions pipe = connection.options().input();
    long bound = bound(pipe, connection.pool());
    this.least = Math.min(LEAST_BYTES, bound);
    this.most = most(pipe, least, bound);
    this.wanted = least;
  }

  /// What a window may be at all.
  private static long bound(PipeOptions pipe, BufferPool pool) {
    long memory = pipe.maxMemoryBytes() > 0 ? pipe.maxMemoryBytes() : Long.MAX_VALUE;
    return Math.min(Math.min(pipe.maxBuffered(), pool.maxBufferBytes()), memory);
  }

  /// What there is always room for while the reader keeps up.
  private static long most(PipeOptions pipe, long least, long bound) {
    long room = pipe.pauseBytes() == 0 ? MOST_BYTES : pipe.maxBuffered() - pipe.pauseBytes();
    return Math.clamp(room, least, Math.min(MOST_BYTES, bound));
  }

  void start() {
    into.onReaderCompleted(
        _ -> stop(new ConnectionException(connection + ": nobody reads any more")));
    receive();
  }

  private void receive() {
    try {
      Throwable why = stop();
      if (why != null) {
        end(why);
        return;
      }
      asked = into.tryReserve(wanted);
      if (asked == 0) {
        Thread.startVirtualThread(this::awaitMemory);
        return;
      }
      op.receive(connection.socket(), into.buffer(), into.position(), asked);
      if (!limit.isZero()) {
        op.deadline(ConnectionOptions.deadline(limit));
      }
    } catch (RuntimeException | Error e) {
      end(e);
      return;
    }
    submit();
  }

  /// Neither the hard cap nor the pool has room: the reader, or others, will make some.
  private void awaitMemory() {
    wanted = least;
    try {
      into.reserve(1);
    } catch (CancellationException e) {
      Throwable why = stop();
      end(why != null ? why : e);
      return;
    } catch (InterruptedIOException | RuntimeException | Error e) {
      end(e);
      return;
    }
    wanted = into.room();
    receive();
  }

  @Override
  void step() {
    long received = op.transferred();
    if (received > 0) {
      into.commit(received);
      learn(received);
    }
    if (op.errno() != 0) {
      peerEnded = stop() == null;
      end(failure("nothing came", limit));
    } else if (received == 0) {
      peerEnded = true;
      end(null);
    } else {
      show();
    }
  }

  private void learn(long received) {
    if (received == asked) {
      wanted = Math.min(Math.max(2 * asked, least), most);
    } else if (received < wanted / 4) {
      wanted = Math.max(wanted / 2, least);
    }
  }

  private void show() {
    FlushResult result;
    try {
      result = into.tryFlush(show);
    } catch (IOException | RuntimeException | Error e) {
      end(e);
      return;
    }
    switch (result) {
      case OPEN, CANCELLED -> receive();
      case PENDING -> {}
      case COMPLETED -> end(null);
    }
  }

  /// Whether nothing can come any more. For whoever sees that it has ended.
  boolean peerEnded() {
    return peerEnded;
  }

  @Override
  void wake() {
    into.cancelPending();
  }

  @Override
  void tellEnd(@Nullable Throwable error) {
    try {
      into.complete(error);
    } finally {
      connection.receiverEnded(error);
    }
  }
}
