package io.ringwell.testkit;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Runs what may hang on a thread of its own, and says where it hangs.
final class Guarded {
  private Guarded() {}

  /// What may hang.
  interface Body {
    void run() throws Exception;
  }

  /// Returns when `body` has ended, throws what it threw, or an [AssertionError] with its stack
  /// when it has not ended in time.
  static void run(String what, Duration limit, Body body) {
    FutureTask<Void> task =
        new FutureTask<>(() -> {
          body.run();
          return null;
        });
    Thread thread = Thread.ofPlatform().daemon().name("guarded: " + what).start(task);
    try {
      task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      AssertionError hung =
          new AssertionError(what + " has not ended after " + limit.toSeconds() + " s");
      hung.setStackTrace(thread.getStackTrace());
      addOthers(hung);
      throw hung;
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted in " + what, e);
    }
  }

  /// What the threads of engines are at.
  private static void addOthers(AssertionError hung) {
    Thread.getAllStackTraces()
        .forEach((thread, stack) -> {
          if (thread.getName().startsWith("ringwell-")) {
            Throwable at = new Throwable("at that time, thread " + thread.getName());
            at.setStackTrace(stack);
            hung.addSuppressed(at);
          }
        });
  }

  private static RuntimeException rethrown(@Nullable Throwable thrown) {
    switch (thrown) {
      case Error e -> throw e;
      case RuntimeException e -> throw e;
      case null, default -> throw new AssertionError(String.valueOf(thrown), thrown);
    }
  }
}
