package io.ringwell.pipe;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// All that a reader does, of bytes or of objects.
///
/// | state      | what may be done | left by |
/// |------------|------------------|---------|
/// | IDLE       | read             | that    |
/// | WAITING    | cancel; complete, which ends the wait | data, an end, a cancel |
/// | READING    | look, advance    | that    |
/// | CANCELLED  | look, advance, or read again | those |
/// | COMPLETE   | nothing          | reset   |
final class ReadSide extends Padding {
  private static final int IDLE = 0;
  private static final int WAITING = 1;
  private static final int READING = 2;
  private static final int CANCELLED = 3;
  private static final int COMPLETE = 4;

  static final String COMPLETED =
      "the reader of the pipe is complete; a pipe that is reset can be read again";

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(ReadSide.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final PipeCore core;
  private final long maxBuffered;
  private final long keep;
  private volatile int state = IDLE;
  private Segment head;
  private long consumed;
  private long examined;

  // Of the last read.
  private long end;
  private boolean cancelled;
  private boolean completed;
  private boolean full;

  /// What went wrong as the read began, which its end tells: by then there was something to read.
  private @Nullable Throwable unsaid;

  private long least;
  private final WaitSlot.Condition readable = this::isReadable;

  /// Tells who left [#then]. It takes the place of a thread in the slot.
  private final Runnable hear = this::hear;

  private @Nullable Runnable then;

  ReadSide(PipeCore core) {
    this.core = core;
    this.maxBuffered = core.options.maxBuffered();
    this.keep = core.options.keepBytes();
    this.head = core.first();
  }

  // ---- Reading ---------------------------------------------------------------------------------

  /// Begins a read if there is something to tell.
  boolean tryRead() throws IOException {
    begin(0);
    if (!isReadable()) {
      STATE.compareAndSet(this, WAITING, IDLE);
      return false;
    }
    take();
    return true;
  }

  /// Begins a read if there is something to tell; else has `next` run once there is.
  boolean tryRead(Runnable next) throws IOException {
    begin(0);
    if (isReadable()) {
      take();
      return true;
    }
    expect();
    then = next;
    if (!core.readWait.arm(hear, readable)) {
      return false;
    }
    try {
      take();
    } finally {
      core.readWait.leave();
    }
    return true;
  }

  /// In the scheduler: the other side has done something.
  private void hear() {
    if (!isReadable() && !core.readWait.arm(hear, readable)) {
      return;
    }
    Runnable next = Objects.requireNonNull(then);
    then = null;
    STATE.compareAndSet(this, WAITING, IDLE);
    core.readWait.leave();
    next.run();
  }

  void read(long atLeast) throws IOException {
    begin(atLeast);
    if (isReadable()) {
      take();
      return;
    }
    expect();
    try {
      core.readWait.await(readable, "data from a pipe");
      take();
    } catch (InterruptedIOException e) {
      STATE.compareAndSet(this, WAITING, IDLE);
      throw e;
    } finally {
      core.readWait.leave();
    }
  }

  <T> CompletionStage<T> readAsync(long atLeast, Supplier<T> handle) {
    try {
      begin(atLeast);
      if (isReadable()) {
        take();
        return CompletableFuture.completedStage(handle.get());
      }
    } catch (IOException | RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
    expect();
    return new Pending<>(
            core.readWait,
            readable,
            readable,
            () -> {
              take();
              return handle.get();
            })
        .begin();
  }

  private void begin(long atLeast) {
    if (atLeast < 0 || atLeast > maxBuffered) {
      throw new IllegalArgumentException(
          "read of at least %d from a pipe that holds at most %d; PipeOptions.withMaxBuffered has it hold more"
              .formatted(atLeast, maxBuffered));
    }
    if (!STATE.compareAndSet(this, IDLE, WAITING)
        && !STATE.compareAndSet(this, CANCELLED, WAITING)) {
      throw misuse();
    }
    least = atLeast;
  }

  private IllegalStateException misuse() {
    return new IllegalStateException(
        switch (state) {
          case COMPLETE -> COMPLETED;
          case WAITING ->
              "a read of the pipe is in progress; wait for it, or end it by cancelPending";
          case READING -> "the last read of the pipe was not advanced; call its advance first";
          default -> "two threads read from the pipe at once";
        });
  }

  /// Something to look at, or to tell.
  private boolean isReadable() {
    long flushed = core.flushed.get();
    return (flushed > examined && flushed - consumed >= least)
        || core.writing.isDone()
        || core.isReadCancelled()
        || core.reading.isDone()
        || (flushed > consumed && isFull());
  }

  /// Whether the writer waits for this side to consume.
  private boolean isFull() {
    return core.roomWanted.get() - consumed > maxBuffered;
  }

  /// Says what is waited for, so that a paused writer goes on until it is there.
  private void expect() {
    core.readGoal = Math.max(examined + 1, consumed + least);
    if (consumed + least > examined) {
      core.relieved.publish(consumed + least);
      VarHandle.fullFence();
      wakeWriter(consumed + least);
    }
  }

  private void take() throws IOException {
    if (!STATE.compareAndSet(this, WAITING, READING)) {
      throw misuse();
    }
    // In this order: what is complete has its last bytes.
    completed = core.writing.isDone();
    if (completed) {
      try {
        core.writing.throwError();
      } catch (Throwable e) {
        STATE.compareAndSet(this, READING, IDLE);
        throw e;
      }
    }
    end = core.flushed.get();
    cancelled = core.observeReadCancel();
    full = !(end > examined && end - consumed >= least) && end > consumed && isFull();
    if (end > consumed) {
      Throwable failure = settle(consumed);
      if (failure != null) {
        unsaid = Failures.add(unsaid, failure);
      }
    }
    if (cancelled) {
      STATE.compareAndSet(this, READING, CANCELLED);
    }
  }

  // ---- The last read ---------------------------------------------------------------------------

  Segment head() {
    return head;
  }

  long start() {
    return consumed;
  }

  long end() {
    return end;
  }

  boolean isCompleted() {
    return completed;
  }

  boolean isCancelled() {
    return cancelled;
  }

  boolean wasFull() {
    return full;
  }

  void checkReading() {
    int now = state;
    if (now != READING && now != CANCELLED) {
      throw new IllegalStateException(
          now == COMPLETE
              ? COMPLETED
              : "this read of the pipe was advanced, or has not come yet; read again");
    }
  }

  // ---- Advancing -------------------------------------------------------------------------------

  /// Ends the read, with the bytes before `toConsumed` for the caller.
  BytesChain detach(long toConsumed, Detaching detaching) throws InterruptedIOException {
    checkReading();
    long used = Math.min(toConsumed, end);
    checkNotStale(used);
    Throwable before = unsaid;
    unsaid = null;
    Failures.rethrow(before); // before anything is taken, which would be lost by it
    BytesChain taken = detaching.take(head, consumed, used);
    try {
      advance(used, used);
    } catch (Throwable e) {
      taken.close();
      throw e;
    }
    return taken;
  }

  void advance(long toConsumed, long toExamined) {
    checkReading();
    long used = Math.min(toConsumed, end);
    if (toExamined < toConsumed) {
      throw new IllegalArgumentException(
          "examined to %d, which is before consumed, %d".formatted(toExamined, toConsumed));
    }
    checkNotStale(used);
    Throwable failure = unsaid;
    unsaid = null;
    Throwable next = settle(used);
    failure = next == null ? failure : Failures.add(failure, next);
    failure = finish(used, Math.min(toExamined, end), failure);
    Failures.rethrow(failure);
  }

  private void checkNotStale(long used) {
    if (used < consumed) {
      throw new IllegalArgumentException(
          "consumed to %d, which is before %d, where the read begins".formatted(used, consumed));
    }
  }

  /// Frees the segments that end at `to` or before.
  ///
  /// @return what went wrong: bytes that were given away and closed all the same, or what was to
  ///   hear of their end
  private @Nullable Throwable settle(long to) {
    if (to < head.end()) {
      return null;
    }
    if (!core.beginPassing()) {
      if (core.reading.isDone()) {
        throw new IllegalStateException(COMPLETED);
      }
      return null;
    }
    Throwable failure = pass(to);
    try {
      core.endPassing();
    } catch (RuntimeException | Error e) {
      failure = Failures.add(failure, e);
    }
    return failure;
  }

  private @Nullable Throwable pass(long to) {
    Segment segment = head;
    Throwable failure = null;
    do {
      Segment next = following(segment);
      try {
        Bytes left = core.supply.retire(segment);
        if (left != null) {
          left.close();
        }
      } catch (RuntimeException | Error e) {
        failure = Failures.add(failure, e);
      }
      segment = next;
    } while (to >= segment.end());
    head = segment;
    core.passTo(segment);
    return failure;
  }

  private static Segment following(Segment segment) {
    Segment next = segment.next;
    if (next == null) {
      throw new AssertionError("a sealed segment has a next one");
    }
    return next;
  }

  /// @return `failure`, with what goes wrong here
  private @Nullable Throwable finish(long used, long seen, @Nullable Throwable failure) {
    Throwable first = failure;
    consumed = used;
    examined = Math.max(examined, seen);
    core.consumed.publish(used);
    core.relieved.publish(examined);
    boolean tooMuch = head.capacity > keep || head.bytes != null; // for an empty pipe
    if (!STATE.compareAndSet(this, READING, IDLE)) {
      STATE.compareAndSet(this, CANCELLED, IDLE);
    }
    VarHandle.fullFence();
    wakeWriter(examined);
    if (used == end && (tooMuch || core.supply.isWanted())) {
      try {
        core.giveBackEmptyTail(tooMuch);
      } catch (RuntimeException | Error e) {
        first = Failures.add(first, e);
      }
    }
    if (used == end) {
      try {
        core.freeIfOver();
      } catch (RuntimeException | Error e) {
        first = Failures.add(first, e);
      }
    }
    return first;
  }

  private void wakeWriter(long relieved) {
    if (core.writeWait.isTaken()
        && relieved >= core.relievedGoal
        && consumed >= core.consumedGoal) {
      core.writeWait.wake();
    }
  }

  // ---- The end ---------------------------------------------------------------------------------

  void complete(@Nullable Throwable error) {
    if (!core.reading.complete(error)) {
      return;
    }
    state = COMPLETE;
    try {
      core.readWait.wake();
      core.freeIfIdle();
    } finally {
      core.reading.announce(core.writeWait::wake);
    }
  }

  void checkUsable() {
    if (state == COMPLETE) {
      throw misuse();
    }
  }

  void reset() {
    head = core.first();
    unsaid = null;
    consumed = 0;
    examined = 0;
    end = 0;
    state = IDLE;
  }
}
