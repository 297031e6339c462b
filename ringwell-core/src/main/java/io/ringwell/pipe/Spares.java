package io.ringwell.pipe;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.IoBuffer;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Used memory that is kept for the next segments. The reader puts it in, the writer takes it out;
/// a pool that somebody waits for empties it at any time, and has the pipe give back its last
/// segment, if that is empty.
///
/// It keeps no pipe: one that was forgotten is not held by the pool that knows its spares.
final class Spares implements Runnable {
  /// Of the smallest segments more are not worth it, of large ones `keepBytes` has fewer.
  private static final int PLACES = 16;

  private final BufferPool pool;
  private final long keepBytes;
  private final AtomicReferenceArray<@Nullable IoBuffer> places =
      new AtomicReferenceArray<>(PLACES);
  private volatile boolean ended;

  /// Whether the pool knows of this. The writer's.
  private boolean registered;

  private WeakReference<@Nullable PipeCore> pipe = new WeakReference<>(null);

  Spares(BufferPool pool, long keepBytes) {
    this.pool = pool;
    this.keepBytes = keepBytes;
  }

  void belongTo(PipeCore owner) {
    pipe = new WeakReference<>(owner);
  }

  /// Has the pool know of this, once the pipe has memory. The writer's claim excludes [#end].
  void register() {
    if (!registered && !ended) {
      registered = true;
      pool.addKeeper(this);
    }
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
    if (!places.compareAndSet(place, null, buffer)) {
      buffer.close(); // somebody else has put one there
      return;
    }
    if (ended || pool.isWanting()) {
      empty();
    }
  }

  /// A free place, if that many bytes more may be kept; else -1.
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
    empty();
    PipeCore owner = pipe.get();
    if (owner != null) {
      VarHandle.fullFence(); // he waits by now, and looks at the pipe behind it
      owner.giveBackEmptyTail(false);
    }
  }

  private void empty() {
    for (int i = 0; i < PLACES; i++) {
      IoBuffer kept = places.getAndSet(i, null);
      if (kept != null) {
        kept.close();
      }
    }
  }

  void end() {
    ended = true;
    empty();
    pool.removeKeeper(this);
  }

  void begin() {
    ended = false;
    registered = false;
  }
}
