package io.ringwell.pipe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// That one side is done, why, and who is to hear of it.
final class Completion {
  private final Executor scheduler;
  private final ReentrantLock lock = new ReentrantLock();
  private List<Consumer<@Nullable Throwable>> callbacks = new ArrayList<>();

  private volatile boolean done;

  /// From before `done` until [#announce] has what it needs: the call that completes is under way,
  /// and is not done with the pipe.
  private volatile boolean ending;

  /// Written before `done`.
  private @Nullable Throwable error;

  /// The scheduler is that of the other side, which hears of it.
  Completion(Executor scheduler) {
    this.scheduler = scheduler;
  }

  boolean isDone() {
    return done;
  }

  /// Whether the call that completes it is under way. Callbacks run when it is over.
  boolean isEnding() {
    return ending;
  }

  /// [#announce] follows where this is true.
  ///
  /// @return false where it was done before: the first one says why
  boolean complete(@Nullable Throwable why) {
    lock.lock();
    try {
      if (done) {
        return false;
      }
      error = why;
      ending = true;
      done = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Throws what it was completed with, if it was with anything.
  void throwError() throws IOException {
    switch (error) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IOException(e);
    }
  }

  /// Runs the callbacks, in order, then `after`; all together in the scheduler if there are any.
  void announce(Runnable after) {
    List<Consumer<@Nullable Throwable>> known;
    Throwable why;
    lock.lock();
    try {
      known = callbacks;
      callbacks = new ArrayList<>();
      why = error; // the pipe may be reset before the scheduler comes to it
      ending = false;
    } finally {
      lock.unlock();
    }
    if (known.isEmpty()) {
      after.run();
      return;
    }
    execute(
        scheduler,
        () -> {
          try {
            callAll(known, why);
          } finally {
            after.run();
          }
        });
  }

  /// Has `callback` called when this is done, or now if it is.
  void whenDone(Consumer<@Nullable Throwable> callback) {
    Objects.requireNonNull(callback, "callback");
    Throwable why;
    lock.lock();
    try {
      if (!done) {
        callbacks.add(callback);
        return;
      }
      why = error;
    } finally {
      lock.unlock();
    }
    execute(scheduler, () -> callback.accept(why));
  }

  /// All are called, whatever some of them throw; the first of that is thrown, with the rest
  /// suppressed.
  private static void callAll(List<Consumer<@Nullable Throwable>> known, @Nullable Throwable why) {
    Throwable first = null;
    for (Consumer<@Nullable Throwable> callback : known) {
      try {
        callback.accept(why);
      } catch (RuntimeException | Error e) {
        first = Failures.add(first, e);
      }
    }
    Failures.rethrow(first);
  }

  /// Undoes all of it. Only where both sides are done.
  void begin() {
    lock.lock();
    try {
      error = null;
      callbacks = new ArrayList<>();
      done = false;
    } finally {
      lock.unlock();
    }
  }

  /// What a scheduler refuses runs here: somebody waits for it. Where it runs in the call, and
  /// throws the same itself, it has run.
  private static void execute(Executor scheduler, Runnable task) {
    AtomicBoolean begun = new AtomicBoolean();
    try {
      scheduler.execute(() -> {
        begun.set(true);
        task.run();
      });
    } catch (RejectedExecutionException e) {
      if (begun.get()) {
        throw e;
      }
      task.run();
    }
  }
}
