package io.ringwell.window;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.IoBuffer;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/// How long one parking seek waits for a pool that others have emptied.
final class MemoryPatience {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final BufferPool pool;
  private final long deadline = System.nanoTime() + PATIENCE.toNanos();

  MemoryPatience(BufferPool pool) {
    this.pool = pool;
  }

  /// Waits until the pool has room for `bytes`, which it does not take.
  ///
  /// @param refusal what is thrown where the patience is over
  void await(NoWindowMemoryException refusal, long bytes)
      throws NoWindowMemoryException, InterruptedIOException {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      throw refusal;
    }
    try (IoBuffer room = pool.acquire(bytes, Duration.ofNanos(left))) {
      Objects.requireNonNull(room);
    } catch (TimeoutException late) {
      refusal.addSuppressed(late);
      throw refusal;
    } catch (InterruptedIOException told) {
      // The pool leaves the status set; an interrupt that was told of is over.
      Thread.interrupted();
      throw told;
    }
  }
}
