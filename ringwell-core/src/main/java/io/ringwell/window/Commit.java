package io.ringwell.window;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Claims on their way to the file. From [ManagedWriter#commit].
///
/// Done means that the kernel has all of it, or told why not: what readers of the file see. What a
/// power cut leaves is decided by [ManagedWriter#sync]. There is no atomicity: of a commit that
/// failed, or met a crash, any part may be in the file.
///
/// **Waiting.** Park: [#await]. Poll: [#isDone], which also books what has completed of the whole
/// writer. Stage: [#stage]. The first two allocate nothing. Any number of threads wait at once. An
/// interrupt ends the wait; the commit goes on.
///
/// **Errors.** The first that any of its claims met, with the others suppressed. Who asks by any of
/// these is told. What nobody asked for, the writer tells once ([ManagedWriter]).
///
/// **Use again.** One that is done, or new, may be given to [ManagedWriter#commit(Commit,
/// WriteClaim...)].
public final class Commit {
  private @Nullable WriterCore core;
  private int left;
  private long bytes;
  private Failures.@Nullable Failure failure;
  private volatile boolean done;
  private final Completions.Goal goal = () -> done;

  /// A free one.
  public Commit() {}

  // ---- The writer's side, with its lock held ---------------------------------------------------

  void begin(WriterCore writer, int claims) {
    requireFree();
    core = writer;
    left = claims;
    bytes = 0;
    failure = null;
    done = claims == 0;
  }

  void requireFree() {
    if (core != null && !done) {
      throw new IllegalStateException("the commit is in flight: " + this);
    }
  }

  void handed(long size) {
    bytes += size;
  }

  /// So many of its claims were not handed over after all.
  void without(int claims) {
    left -= claims;
    endIfLast();
  }

  void written(@Nullable IOException failed) {
    if (failed != null) {
      if (failure == null) {
        failure = new Failures.Failure(failed);
      } else {
        failure.add(failed);
      }
    }
    left--;
    endIfLast();
  }

  private void endIfLast() {
    if (left == 0) {
      if (failure != null) {
        core().failures().add(failure);
      }
      done = true;
    }
  }

  // ---- The user's side -------------------------------------------------------------------------

  private WriterCore core() {
    WriterCore writer = core;
    if (writer == null) {
      throw new IllegalStateException("nothing was committed by it");
    }
    return writer;
  }

  /// Whether all of it was written, or failed. Never blocks.
  public boolean isDone() {
    if (!done) {
      core().progress();
    }
    return done;
  }

  /// Parks until it is done.
  ///
  /// @throws IOException what it failed with
  /// @throws java.io.InterruptedIOException where the thread is interrupted; the commit goes on
  public void await() throws IOException {
    if (!done) {
      core().await(goal);
    }
    IOException failed = failure();
    if (failed != null) {
      throw failed;
    }
  }

  /// What it failed with, for those who poll; null where all was written.
  ///
  /// @throws IllegalStateException where it is not done
  public @Nullable IOException failure() {
    WriterCore writer = core();
    if (!done) {
      throw new IllegalStateException("not done: " + this);
    }
    Failures.Failure known = failure;
    return known == null ? null : writer.tell(known);
  }

  /// A stage that completes with this commit. Where it is not done, a virtual thread waits for it.
  public CompletionStage<@Nullable Void> stage() {
    core();
    if (isDone()) {
      IOException failed = failure();
      return failed == null
          ? CompletableFuture.completedFuture(null)
          : CompletableFuture.failedFuture(failed);
    }
    return Background.<@Nullable Void>start(
        "ringwell-commit",
        () -> {
          await();
          return null;
        });
  }

  /// What was committed by it, in bytes.
  public long bytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return "Commit["
        + bytes
        + " bytes, "
        + (core == null ? "free" : done ? "done" : "in flight")
        + "]";
  }
}
