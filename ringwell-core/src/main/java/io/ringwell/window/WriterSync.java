package io.ringwell.window;

import io.ringwell.file.Durability;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a writer does with its file as a whole: waits for what was committed, cuts it to its
/// content, syncs, closes.
final class WriterSync {
  private final WriterCore core;
  private final Completions completions;

  WriterSync(WriterCore core) {
    this.core = core;
    this.completions = core.completions();
  }

  /// Waits for what was committed before, and tells what nobody was told of.
  void flush() throws IOException {
    core.requireOpen();
    core.awaitCommitted();
    tellFailures();
    cut(true);
  }

  void sync(Durability durability) throws IOException {
    flush();
    if (durability == Durability.NONE) {
      return;
    }
    refuseAfterFailure();
    Control control = core.takeControl(true);
    if (durability == Durability.DATA) {
      control.op.fdatasync(core.file);
    } else {
      control.op.fsync(core.file);
    }
    control.run(true);
  }

  /// Linux tells of lost data once, and a later fsync(2) succeeds without having written them.
  private void refuseAfterFailure() throws IOException {
    IOException earlier;
    completions.lock();
    try {
      earlier = core.syncFailure();
    } finally {
      completions.unlock();
    }
    if (earlier != null) {
      throw new IOException(
          "sync "
              + core.file.path()
              + ": an earlier sync failed, and what was written before may be lost, whatever a"
              + " further one says; write it anew through another writer",
          earlier);
    }
  }

  /// Cuts what was written behind the file's end. Commits wait meanwhile: a cut beside a write that
  /// makes the file longer would take that with it.
  private void cut(boolean interruptible) throws IOException {
    completions.lock();
    boolean padded = core.end.isPadded();
    completions.unlock();
    if (!padded) {
      return;
    }
    awaitLocked(core.notHeldBack(), interruptible);
    core.holdBack(true);
    completions.unlock();
    try {
      awaitLocked(core.idle(), interruptible);
      completions.unlock();
      cutNow();
    } finally {
      completions.lock();
      core.holdBack(false);
      completions.unlock();
    }
  }

  private void awaitLocked(Completions.Goal goal, boolean interruptible) throws IOException {
    if (interruptible) {
      completions.awaitLocked(goal);
    } else {
      completions.awaitLockedThroughInterrupts(goal);
    }
  }

  /// Nothing is in flight, nothing is begun. What was begun to be cut has to be: who leaves a cut
  /// behind does not know what it will take.
  private void cutNow() throws IOException {
    long physical = size(false);
    completions.lock();
    long target = core.end.target(physical);
    completions.unlock();
    if (target >= 0) {
      Control control = core.takeControl(false);
      control.op.truncate(core.file, target);
      control.run(false);
    }
    completions.lock();
    core.end.settled();
    completions.unlock();
  }

  long size() throws IOException {
    core.requireOpen();
    return size(true);
  }

  private long size(boolean interruptible) throws IOException {
    Control stat = core.takeControl(false);
    stat.op.statx(core.file);
    return Objects.requireNonNull(stat.run(interruptible)).size();
  }

  /// Waits for all that is in flight, then closes. Interrupts wait.
  void close() throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      Ending ending = new Ending();
      completions.awaitLockedThroughInterrupts(core.idle());
      completions.unlock();
      ending.step(this::tellFailures);
      ending.step(() -> cut(false));
      ending.step(this::closeFile);
      // A sync whose waiter was interrupted has completed before the file's close did.
      ending.step(this::tellFailures);
      ending.end();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void tellFailures() throws IOException {
    completions.lock();
    try {
      core.tellFailures();
    } finally {
      completions.unlock();
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  /// Steps that are all gone through, whatever fails. The first failure wins.
  private static final class Ending {
    private @Nullable Exception failed;

    void step(Step step) {
      try {
        step.run();
      } catch (IOException | RuntimeException e) {
        if (failed == null) {
          failed = e;
        } else if (failed != e) {
          failed.addSuppressed(e);
        }
      }
    }

    void end() throws IOException {
      switch (failed) {
        case null -> {}
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        default -> throw new AssertionError(failed);
      }
    }
  }

  private void closeFile() throws IOException {
    Control control = core.takeControl(false);
    control.op.close(core.file);
    control.run(false);
  }
}
