package io.ringwell.window;

import io.ringwell.memory.IoBuffer;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/// How long one parking seek waits for memory that others have: within the bound that readers
/// share, and in the pool.
final class MemoryPatience {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final WindowSlots slots;
  private final long deadline = System.nanoTime() + PATIENCE.toNanos();

  MemoryPatience(WindowSlots slots) {
    this.slots = slots;
  }

  /// Waits until there is room for a window of `bytes`, which it does not take.
  ///
  /// @param refusal what is thrown where the patience is over
  void await(NoWindowMemoryException refusal, long bytes)
      throws NoWindowMemoryException, InterruptedIOException {
    if (!slots.awaitRoom(bytes, deadline)) {
      throw refusal;
    }
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      throw refusal;
    }
    try (IoBuffer room = slots.memory().pool().acquire(bytes, Duration.ofNanos(left))) {
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
