package io.ringwell.window;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.IoBuffer;
import io.ringwell.memory.PoolOptions;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// Where claims get their memory: from the pool, or from claims before that had the same size. So
/// that a steady writer allocates nothing, not even handles, a few buffers are kept, up to a bound,
/// and as long as nobody waits for the pool. Used with the writer's lock held.
final class ClaimMemory {
  /// Whether raw segments have to end with their claim: then every claim has a buffer of its own.
  static final boolean STRICT = PoolOptions.defaults().strict();

  private final BufferPool pool;
  private final long keepBytes;
  private final ArrayList<IoBuffer> idle = new ArrayList<>();

  /// Of the idle, and of those in flight that will be.
  private long keptBytes;

  ClaimMemory(BufferPool pool, long keepBytes) {
    this.pool = pool;
    this.keepBytes = STRICT ? 0 : keepBytes;
  }

  /// A buffer of exactly `bytes`, or null where the pool has none now.
  @Nullable IoBuffer tryTake(long bytes) {
    for (int i = idle.size() - 1; i >= 0; i--) {
      if (idle.get(i).capacity() == bytes) {
        keptBytes -= bytes;
        return idle.remove(i);
      }
    }
    // Sizes have changed: those of another size make room, one by one.
    if (!idle.isEmpty()) {
      drop(idle.removeFirst());
    }
    IoBuffer fresh = pool.tryAcquire(bytes);
    if (fresh == null && !idle.isEmpty()) {
      dropIdle();
      fresh = pool.tryAcquire(bytes);
    }
    return fresh;
  }

  /// Whether a buffer that goes to the kernel is to come back here, and not to the pool.
  boolean keep(IoBuffer buffer) {
    if (keptBytes + buffer.capacity() > keepBytes || pool.isWanting()) {
      return false;
    }
    keptBytes += buffer.capacity();
    return true;
  }

  /// One that is kept came back.
  void putBack(IoBuffer buffer) {
    if (pool.isWanting()) {
      drop(buffer);
    } else {
      idle.add(buffer);
    }
  }

  /// One that was to be kept is closed.
  void drop(IoBuffer buffer) {
    keptBytes -= buffer.capacity();
    buffer.close();
  }

  void dropIdle() {
    for (IoBuffer buffer : idle) {
      drop(buffer);
    }
    idle.clear();
  }
}
