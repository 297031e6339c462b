package io.ringwell.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// Counts who is inside, so that a close waits for the last of them: a descriptor is not closed,
/// and its number not given away, while a call on it runs.
///
/// | state | who may enter | left by |
/// |---|---|---|
/// | OPEN | anyone | [#close] |
/// | CLOSING | nobody | the last one inside, or [#close] itself |
/// | SHUT | nobody | never |
///
/// Entries and exits are counted apart, and spread over stripes: any number of threads pass
/// through, and who enters (a submitter) and who leaves (a ring's thread) need not share a cache
/// line. After CLOSING is set, who enters sees that and leaves again. So where the exits, added up
/// first, equal the entries, added up then, nobody was inside in between.
final class Gate {
  private static final int OPEN = 0;
  private static final int CLOSING = 1;
  private static final int SHUT = 2;

  private static final int STRIPES = 8;

  /// A cache line of longs: entries at the first place of each, exits at the second.
  private static final int STRIDE = 8;

  private static final int EXITS = 1;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Gate.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final AtomicLongArray counts = new AtomicLongArray(STRIPES * STRIDE);
  private volatile int state;
  private volatile @Nullable Runnable whenShut;

  private static int stripe() {
    return ((int) Thread.currentThread().threadId() & (STRIPES - 1)) * STRIDE;
  }

  /// Whoever gets true leaves by [#exit], on any thread.
  boolean enter() {
    counts.getAndIncrement(stripe());
    if (state != OPEN) {
      exit();
      return false;
    }
    return true;
  }

  void exit() {
    counts.getAndIncrement(stripe() + EXITS);
    if (state == CLOSING) {
      finish();
    }
  }

  boolean isOpen() {
    return state == OPEN;
  }

  /// Lets nobody in any more, and runs `action` when the last one has left: here and now, or on the
  /// thread that leaves last. False where it was closed before.
  boolean close(Runnable action) {
    if (whenShut != null) {
      return false;
    }
    synchronized (this) {
      if (whenShut != null) {
        return false;
      }
      whenShut = action;
    }
    state = CLOSING;
    finish();
    return true;
  }

  private void finish() {
    long inside = -sum(EXITS);
    inside += sum(0);
    Runnable action = whenShut;
    if (inside == 0 && action != null && STATE.compareAndSet(this, CLOSING, SHUT)) {
      action.run();
    }
  }

  private long sum(int place) {
    long sum = 0;
    for (int i = place; i < STRIPES * STRIDE; i += STRIDE) {
      sum += counts.get(i);
    }
    return sum;
  }
}
