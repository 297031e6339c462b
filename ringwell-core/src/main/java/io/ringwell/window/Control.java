package io.ringwell.window;

import io.ringwell.engine.FileInfo;
import io.ringwell.engine.OpCode;
import io.ringwell.engine.OperationException;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/// An operation of a writer on its file as a whole: a sync, a cut, a close. Prepare [#op], then
/// [#run].
final class Control extends Pending {
  private final WriterCore core;
  private final Completions.Goal goal = this::isDone;

  // With the writer's lock held.
  private boolean syncs;
  private boolean done;
  private boolean abandoned;

  Control(WriterCore core, int index) {
    this.core = core;
    op.tag(index);
  }

  /// @param syncs whether its failure means that data may be lost
  void begin(boolean syncs) {
    this.syncs = syncs;
    done = false;
    abandoned = false;
  }

  private boolean isDone() {
    return done;
  }

  /// Hands it to the engine and parks until it is done.
  ///
  /// @param interruptible whether an interrupt ends the wait; the operation goes on then, and its
  ///   failure is kept
  /// @return what a statx answered
  @Nullable FileInfo run(boolean interruptible) throws IOException {
    core.hand(this);
    Completions completions = core.completions();
    if (interruptible) {
      awaitInterruptibly(completions);
    } else {
      completions.awaitLockedThroughInterrupts(goal);
    }
    IOException failed = failure();
    FileInfo info = failed == null && op.code() == OpCode.STATX ? op.fileInfo() : null;
    core.putBack(this);
    completions.unlock();
    if (failed != null) {
      throw failed;
    }
    return info;
  }

  /// Returns with the lock held.
  private void awaitInterruptibly(Completions completions) throws InterruptedIOException {
    try {
      completions.awaitLocked(goal);
    } catch (InterruptedIOException e) {
      completions.lock();
      if (done) {
        // As good as not interrupted; who waits next is.
        Thread.currentThread().interrupt();
        return;
      }
      abandoned = true;
      completions.unlock();
      throw e;
    }
  }

  @Override
  void completed() {
    done = true;
    IOException failed = failure();
    if (failed != null
        && syncs
        && !(failed instanceof OperationException e && e.errnoName().equals("ECANCELED"))) {
      core.syncFailed(failed);
    }
    if (abandoned) {
      if (failed != null) {
        core.failures().add(new Failures.Failure(failed));
      }
      core.putBack(this);
    }
  }
}
