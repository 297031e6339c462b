package io.ringwell.window;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// One stage of a reader, and the virtual thread that parks for it. The reader is that thread's
/// until it has the answer; then it is given back, and the stage completes, in this order: what
/// hangs on the stage may use the reader, and whoever closes the reader does not wait for that.
final class Staged {
  private final Seeker seeker;
  private final long position;
  private final CompletableFuture<Readiness> stage = new CompletableFuture<>();
  private final CountDownLatch givenBack = new CountDownLatch(1);
  private final Thread waiter = Thread.ofVirtual().name("ringwell-reader").unstarted(this::run);

  Staged(Seeker seeker, long position) {
    this.seeker = seeker;
    this.position = position;
  }

  CompletableFuture<Readiness> start() {
    waiter.start();
    return stage;
  }

  private void run() {
    Readiness answer = null;
    Throwable failure = null;
    try {
      answer = seeker.park(position, 1);
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
    }
    givenBack.countDown();
    if (failure == null) {
      stage.complete(answer);
    } else {
      stage.completeExceptionally(failure);
    }
  }

  /// Whether the reader is with it.
  static boolean isPending(@Nullable Staged staged) {
    return staged != null && staged.givenBack.getCount() > 0;
  }

  /// Has it give the reader back; the stage fails with [java.io.InterruptedIOException] unless it
  /// has its answer.
  void end() {
    waiter.interrupt();
    boolean interrupted = false;
    while (true) {
      try {
        givenBack.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
