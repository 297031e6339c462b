package io.ringwell.sink;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/// Copies what is written into memory of a pool, and sends it piece by piece.
final class SinkChannel implements WritableByteChannel {
  private static final int PIECE_BYTES = 64 << 10;

  private final Sink sink;
  private final BufferPool pool;
  private @Nullable IoBuffer piece;
  private int filled;
  private boolean open = true;

  SinkChannel(Sink sink, BufferPool pool) {
    this.sink = sink;
    this.pool = pool;
  }

  @Override
  public synchronized int write(ByteBuffer source) throws IOException {
    requireOpen();
    int length = source.remaining();
    MemorySegment from = MemorySegment.ofBuffer(source);
    int at = 0;
    while (at < length) {
      IoBuffer into = piece;
      if (into == null) {
        into = pool.acquire(PIECE_BYTES);
        piece = into;
      }
      int count = Math.min(length - at, PIECE_BYTES - filled);
      MemorySegment.copy(from, at, into.segment(), filled, count);
      CopyCounter.add(count);
      filled += count;
      at += count;
      // So that whoever meets an error can tell what was taken.
      source.position(source.position() + count);
      if (filled == PIECE_BYTES) {
        handOn();
      }
    }
    return length;
  }

  /// Sends what was written so far; does not wait until it has arrived.
  synchronized void handOn() throws IOException {
    requireOpen();
    IoBuffer full = piece;
    if (full == null) {
      return;
    }
    piece = null;
    int size = filled;
    filled = 0;
    sink.send(full.freeze(0, size));
  }

  private void requireOpen() throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public synchronized boolean isOpen() {
    return open;
  }

  /// Completes the sink.
  @Override
  public synchronized void close() throws IOException {
    if (!open) {
      return;
    }
    try (sink) {
      handOn();
      sink.complete();
    } finally {
      open = false;
    }
  }
}
