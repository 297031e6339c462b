package io.ringwell.pipe;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What a writer tells its reader and hears of it: how far it got, and whether the reader keeps up.
/// It knows nothing of memory, which is [WriteSide]'s.
///
/// One object together with that, so that what a writer writes lies together.
abstract class Flushing extends Padding {
  final PipeCore core;
  final PipeOptions options;

  long committed;
  long flushed;

  /// What is left of the window that the writer has; a flush ends it.
  long windowLength;

  /// Whether the tail is the writer's, up to the next flush.
  boolean claimed;

  boolean roomIsWanted;

  // What the reader published, as it was when it was last needed.
  long consumedSeen;
  private long relievedSeen;

  private boolean paused;

  /// Whether a stage waits, or a thread is parked.
  volatile boolean waiting;

  private final WaitSlot.Condition mayFlow = this::mayFlow;
  private final WaitSlot.Condition mayGoOn = this::mayGoOn;

  /// Tells who left [#then]. It takes the place of a thread in the slot.
  private final Runnable hear = this::hear;

  private @Nullable Runnable then;

  Flushing(PipeCore core) {
    this.core = core;
    this.options = core.options;
  }

  long committed() {
    return committed;
  }

  long unflushed() {
    return committed - flushed;
  }

  FlushResult tryFlush() throws IOException {
    checkUsable();
    publish();
    return status();
  }

  FlushResult flush() throws IOException {
    FlushResult result = tryFlush();
    while (result == FlushResult.PENDING) {
      waiting = true;
      try {
        core.writeWait.await(mayFlow, "the reader of a pipe");
        result = flowing();
      } finally {
        waiting = false;
        core.writeWait.leave();
      }
    }
    return result;
  }

  FlushResult tryFlush(Runnable next) throws IOException {
    FlushResult result = tryFlush();
    while (result == FlushResult.PENDING) {
      then = next;
      waiting = true;
      if (!core.writeWait.arm(hear, mayGoOn)) {
        return FlushResult.PENDING;
      }
      try {
        result = flowing();
      } finally {
        core.writeWait.leave();
      }
    }
    return result;
  }

  /// In the scheduler: the other side has done something.
  private void hear() {
    while (!mayFlow()) {
      if (!core.writeWait.arm(hear, mayGoOn)) {
        return;
      }
    }
    Runnable next = Objects.requireNonNull(then);
    then = null;
    waiting = false;
    core.writeWait.leave();
    next.run();
  }

  CompletionStage<FlushResult> flushAsync() {
    FlushResult result;
    try {
      result = tryFlush();
    } catch (IOException | RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
    if (result != FlushResult.PENDING) {
      return CompletableFuture.completedStage(result);
    }
    waiting = true;
    return new Pending<>(core.writeWait, mayFlow, mayGoOn, this::flowing).begin();
  }

  /// What a wait ends with.
  private FlushResult flowing() throws IOException {
    waiting = false;
    checkUsable();
    return status();
  }

  /// Makes visible what was committed, and lets go of the tail.
  void publish() {
    windowLength = 0;
    long end = committed;
    boolean news = end != flushed;
    if (news) {
      flushed = end;
      core.flushed.publish(end);
    }
    boolean letsGo = claimed;
    boolean tooMuch = false;
    if (letsGo) {
      tooMuch = tailIsTooMuch();
      claimed = false;
      core.claim.publish(PipeCore.IDLE);
    }
    VarHandle.fullFence();
    // Who was told that room is wanted, and had nothing to read then, has it now.
    if (news && core.readWait.isTaken() && (end >= core.readGoal || roomIsWanted)) {
      core.readWait.wake();
    }
    if (letsGo && (tooMuch || core.supply.isWanted())) {
      core.giveBackEmptyTail(tooMuch); // its reader was faster, or nothing was written
    }
  }

  /// Whether the tail has more than an empty pipe is to keep. The writer has the claim.
  abstract boolean tailIsTooMuch();

  private FlushResult status() throws IOException {
    if (core.reading.isDone()) {
      core.freeIfIdle();
      core.reading.throwError();
      return FlushResult.COMPLETED;
    }
    if (core.observeWriteCancel()) {
      return FlushResult.CANCELLED;
    }
    return flows() ? FlushResult.OPEN : FlushResult.PENDING;
  }

  private boolean mayFlow() {
    return isToLook() || flows();
  }

  private boolean isToLook() {
    return core.reading.isDone() || core.isWriteCancelled() || core.writing.isDone();
  }

  /// Whether to look again whether it flows: the goals that it set then are reached. Writes
  /// nothing, for [WaitSlot#arm].
  private boolean mayGoOn() {
    return isToLook()
        || (core.relieved.get() >= core.relievedGoal && core.consumed.get() >= core.consumedGoal);
  }

  /// Whether the reader keeps up; where it does not, from when on it does.
  private boolean flows() {
    long pause = options.pauseBytes();
    if (pause > 0) {
      long limit = paused ? options.resumeBytes() : pause;
      if (flushed - relievedSeen >= limit) {
        relievedSeen = core.relieved.get();
        if (flushed - relievedSeen >= limit) {
          paused = true;
          core.relievedGoal = flushed - options.resumeBytes() + 1;
          core.consumedGoal = 0;
          return false;
        }
      }
      paused = false;
    }
    if (!hasRoom(1)) {
      core.relievedGoal = 0;
      core.consumedGoal = committed + 1 - options.maxBuffered();
      wantRoom(1);
      return false;
    }
    return true;
  }

  // ---- Room ------------------------------------------------------------------------------------

  /// Whether that much more may be held. A reader that is complete holds nothing.
  boolean hasRoom(long need) {
    if (committed + need - consumedSeen <= options.maxBuffered()) {
      return true;
    }
    consumedSeen = core.reading.isDone() ? committed : core.consumed.get();
    return committed + need - consumedSeen <= options.maxBuffered();
  }

  /// Tells a reader that it waits in vain: nothing comes until it consumes.
  void wantRoom(long need) {
    wantRoomUpTo(committed + need);
  }

  void wantRoomUpTo(long offset) {
    roomIsWanted = true;
    core.roomWanted.publish(offset);
    VarHandle.fullFence();
    if (core.readWait.isTaken()) {
      core.readWait.wake();
    }
  }

  void checkUsable() {
    if (core.writing.isDone()) {
      throw new IllegalStateException(
          "the writer of the pipe is complete; a pipe that is reset can be written again");
    }
    if (waiting) {
      throw new IllegalStateException(
          "a call of the pipe's writer is in progress; wait for it, or end it by cancelPending");
    }
  }

  void reset() {
    committed = 0;
    flushed = 0;
    windowLength = 0;
    claimed = false;
    roomIsWanted = false;
    consumedSeen = 0;
    relievedSeen = 0;
    paused = false;
    waiting = false;
  }
}
