package io.ringwell.net;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Sends what is flushed into the output pipe from where it lies there: a little by whoever flushes
/// it, where the socket has room, all else by the engine.
///
/// | step | left by |
/// |---|---|
/// | waiting for bytes | a flush of the writer, or its completion |
/// | sending | the completion of the send |
/// | shutting down: all was sent, and the writer is complete | the completion of the shutdown |
/// | ended | nothing |
final class Sender extends Direction {
  private static final int EPIPE = 32;
  private static final int ECONNRESET = 104;

  /// Fragments that one send gathers at the most.
  private static final int MOST_PARTS = 64;

  private final PipeReader from;
  private final Duration limit;
  private final Runnable next = this::next;
  private final long zeroCopyBytes;
  private @Nullable PipeRead read;
  private MemorySegment @Nullable [] parts;
  private long sendsUntil;
  private boolean ending;
  private boolean peerRefused;

  Sender(Connection connection, PipeReader from) {
    super(connection);
    this.from = from;
    this.limit = connection.options().sendTime();
    this.zeroCopyBytes = connection.options().zeroCopyBytes();
  }

  void next() {
    try {
      PipeRead ready = from.tryRead(next);
      while (ready != null && send(ready)) {
        ready = from.tryRead(next);
      }
    } catch (IOException | RuntimeException | Error e) {
      end(e);
    }
  }

  /// @return whether it is sent already
  private boolean send(PipeRead ready) {
    Throwable why = stop();
    if (why != null) {
      end(why);
      return false;
    }
    read = ready;
    if (ready.isEmpty()) {
      if (!ready.isCompleted()) {
        ready.advance(ready.start());
        return true;
      }
      ending = true;
      op.endOutput(connection.socket());
      submit();
      return false;
    }
    if (ready.isContiguous()) {
      prepareOne(ready);
      if (tryNow()) {
        ready.advance(sendsUntil);
        return true;
      }
    } else {
      prepareMany(ready);
    }
    if (!limit.isZero()) {
      op.deadline(ConnectionOptions.deadline(limit));
    }
    submit();
    return false;
  }

  private void prepareOne(PipeRead ready) {
    sendsUntil = ready.end();
    IoBuffer buffer = ready.buffer();
    if (buffer != null) {
      op.send(connection.socket(), buffer, ready.position(), ready.length());
    } else {
      Bytes bytes = Objects.requireNonNull(ready.bytes());
      op.send(connection.socket(), bytes, ready.position(), ready.length());
    }
    if (zeroCopyBytes > 0 && ready.length() >= zeroCopyBytes) {
      op.zeroCopy();
    }
  }

  private void prepareMany(PipeRead ready) {
    MemorySegment[] all = parts;
    if (all == null) {
      all = new MemorySegment[MOST_PARTS];
      parts = all;
    }
    int count = 0;
    do {
      all[count++] = ready.window();
      sendsUntil = ready.fragmentStart() + ready.length();
    } while (count < MOST_PARTS && ready.nextFragment());
    op.send(connection.socket(), all, count);
  }

  @Override
  void step() {
    if (op.errno() == ETIME && op.transferred() > 0 && stop() == null) {
      // The limit is for a peer that takes nothing: this one is slow.
      PipeRead sent = Objects.requireNonNull(read);
      sent.advance(sent.start() + op.transferred());
      next();
    } else if (op.errno() != 0) {
      peerRefused = op.errno() == EPIPE || op.errno() == ECONNRESET;
      end(failure("the peer took nothing", limit));
    } else if (ending) {
      end(null);
    } else {
      Objects.requireNonNull(read).advance(sendsUntil);
      next();
    }
  }

  @Override
  void wake() {
    from.cancelPending();
  }

  @Override
  void tellEnd(@Nullable Throwable error) {
    try {
      from.complete(error);
    } finally {
      connection.senderEnded(error, peerRefused);
    }
  }
}
