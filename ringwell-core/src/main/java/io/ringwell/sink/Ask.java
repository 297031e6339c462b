package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Somebody who waits at a sink: parked, or for a stage. Settled once, by the sink.
final class Ask {
  /// What is to be taken; null for who waits for something else.
  final @Nullable Bytes bytes;

  /// How far the sink has to be, in bytes, for who waits for a flush.
  final long target;

  private final @Nullable Thread parked;
  private final @Nullable CompletableFuture<@Nullable Void> stage;
  private @Nullable IOException error;
  private volatile boolean settled;

  private Ask(@Nullable Bytes bytes, long target, boolean parks) {
    this.bytes = bytes;
    this.target = target;
    this.parked = parks ? Thread.currentThread() : null;
    this.stage = parks ? null : new CompletableFuture<>();
  }

  /// @param parks whether the calling thread is going to [#await]
  static Ask toTake(@Nullable Bytes bytes, boolean parks) {
    return new Ask(bytes, 0, parks);
  }

  static Ask toReach(long target, boolean parks) {
    return new Ask(null, target, parks);
  }

  /// @param failure null where all went well
  void settle(@Nullable IOException failure) {
    error = failure;
    settled = true;
    LockSupport.unpark(parked);
    if (stage != null) {
      // Not here: what is chained to the stage is not the sink's to run.
      ForkJoinPool.commonPool()
          .execute(() -> {
            if (failure == null) {
              stage.complete(null);
            } else {
              stage.completeExceptionally(failure);
            }
          });
    }
  }

  boolean isSettled() {
    return settled;
  }

  CompletableFuture<@Nullable Void> stage() {
    if (stage == null) {
      throw new AssertionError("it parks");
    }
    return stage;
  }

  /// Parks until it is settled.
  ///
  /// @return false where the thread was interrupted before
  boolean await() {
    while (!settled) {
      LockSupport.park(this);
      if (!settled && Thread.interrupted()) {
        return false;
      }
    }
    return true;
  }

  static InterruptedIOException interrupted() {
    return new InterruptedIOException("interrupted while waiting for a sink");
  }

  /// The same, keeping an interrupt for later.
  void awaitThroughInterrupts() throws IOException {
    boolean interrupted = false;
    while (!settled) {
      LockSupport.park(this);
      interrupted |= !settled && Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    throwError();
  }

  /// What it was settled with.
  void throwError() throws IOException {
    IOException failure = error;
    if (failure != null) {
      throw failure;
    }
  }
}
