package io.ringwell.kv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Whether an iterator may step, and which way: the part of [KvIterator] that other threads meet.
abstract sealed class StepState permits KvIterator {
  private static final int OPEN = 0;

  /// For [#begin] and [#suspend]; also the state of a step that is pending.
  static final int FORWARD = 1;

  /// The same, backwards.
  static final int BACKWARD = 2;

  private static final int FAILED = 3;
  private static final int CLOSED = 4;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(StepState.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// | state | may become |
  /// |---|---|
  /// | OPEN | FORWARD or BACKWARD when a step suspends, FAILED when it throws |
  /// | FORWARD, BACKWARD | OPEN when the step is taken up, or by a seek |
  /// | FAILED | OPEN, by a seek |
  /// | CLOSED | nothing else; from all others, by any thread |
  private volatile int state;

  /// What it stands on: an [Entry] of its own or of an iterator below; null without.
  @Nullable Entry entry;

  /// The direction in which there is nothing further, FORWARD or BACKWARD, else 0. A step sets it.
  int ended;

  StepState() {}

  /// Stands where an iterator below does.
  final void standOn(@Nullable Entry below) {
    // The collector's barrier costs more than the test.
    if (entry != below) {
      entry = below;
    }
  }

  /// At the beginning of each step.
  final void begin(int direction) {
    if (state != OPEN) {
      takeUp(direction);
    }
  }

  private void takeUp(int direction) {
    if (!STATE.compareAndSet(this, direction, OPEN)) {
      throw refusal();
    }
  }

  /// Ends a step that cannot go on before something was read.
  final int suspend(int direction) {
    entry = null;
    if (!STATE.compareAndSet(this, OPEN, direction)) {
      throw refusal();
    }
    return KvIterator.PENDING;
  }

  /// Before a step throws what it throws. Tells of a close instead, where there was one.
  final void failed(Throwable cause) {
    entry = null;
    if (!STATE.compareAndSet(this, OPEN, FAILED)) {
      IllegalStateException closed = refusal();
      closed.addSuppressed(cause);
      throw closed;
    }
  }

  final boolean isClosed() {
    return state == CLOSED;
  }

  final boolean isPending() {
    int now = state;
    return now == FORWARD || now == BACKWARD;
  }

  /// True for the first who closes.
  final boolean shut() {
    if ((int) STATE.getAndSet(this, CLOSED) == CLOSED) {
      return false;
    }
    entry = null;
    return true;
  }

  final IllegalStateException refusal() {
    return new IllegalStateException(
        switch (state) {
          case CLOSED -> "the iterator is closed";
          case FAILED -> "the iterator has failed; seek or rewind it before it steps again";
          case FORWARD -> "a step forwards is pending; finish it, or seek, before a step backwards";
          case BACKWARD ->
              "a step backwards is pending; finish it, or seek, before a step forwards";
          default -> "the iterator is used by two threads at once";
        });
  }

  /// Before a seek: gives up what was pending, or had failed.
  final void reopen() {
    int before;
    do {
      before = state;
      if (before == CLOSED) {
        throw refusal();
      }
    } while (before != OPEN && !STATE.compareAndSet(this, before, OPEN));
    entry = null;
    ended = 0;
  }
}
