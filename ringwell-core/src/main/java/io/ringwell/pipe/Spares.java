package io.ringwell.pipe;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.IoBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Used memory that is kept for the next segments. The reader puts it in, the writer takes it out;
/// a pool that somebody waits for empties it at any time.
///
/// It knows nothing of the pipe: a pipe that was forgotten is not kept by the pool that knows its
/// spares.
final class Spares implements Runnable {
  /// Of the smallest segments more are not worth it, of large ones `keepBytes` has fewer.
  private static final int PLACES = 16;

  private final BufferPool pool;
  private final long keepBytes;
  private final AtomicReferenceArray<@Nullable IoBuffer> places =
      new AtomicReferenceArray<>(PLACES);
  private volatile boolean ended;

  /// Whether the pool knows of this. The reader's.
  private boolean registered;

  Spares(BufferPool pool, long keepBytes) {
    this.pool = pool;
    this.keepBytes = keepBytes;
  }

  /// A buffer of at least `size`, if one is kept. Smaller ones are let go: segments have grown.
  @Nullable IoBuffer take(long size) {
    for (int i = 0; i < PLACES; i++) {
      if (places.getOpaque(i) != null) {
        IoBuffer kept = places.getAndSet(i, null);
        if (kept != null) {
          if (kept.capacity() >= size) {
            return kept;
          }
          kept.close();
        }
      }
    }
    return null;
  }

  /// Keeps a buffer, or gives it back to the pool.
  void put(IoBuffer buffer) {
    int place = place(buffer.capacity());
    if (place < 0 || ended || pool.isWanting()) {
      buffer.close();
      return;
    }
    if (!registered) {
      registered = true;
      pool.addKeeper(this);
    }
    places.set(place, buffer);
    if (ended || pool.isWanting()) {
      run();
    }
  }

  /// A free place, if that many bytes more may be kept; else -1. Others only take, meanwhile.
  private int place(long bytes) {
    long sum = bytes;
    int free = -1;
    for (int i = 0; i < PLACES && sum <= keepBytes; i++) {
      IoBuffer kept = places.getAcquire(i);
      if (kept != null) {
        sum += kept.capacity();
      } else if (free < 0) {
        free = i;
      }
    }
    return sum <= keepBytes ? free : -1;
  }

  /// The pool wants what is kept.
  @Override
  public void run() {
    for (int i = 0; i < PLACES; i++) {
      IoBuffer kept = places.getAndSet(i, null);
      if (kept != null) {
        kept.close();
      }
    }
  }

  void end() {
    ended = true;
    run();
    pool.removeKeeper(this);
  }

  void begin() {
    ended = false;
    registered = false;
  }
}
