package io.ringwell.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicIntegerArray;
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
/// The count is spread over stripes, since any number of threads pass through at a time. One that
/// entered leaves through the same stripe, so no stripe is negative, and after CLOSING is set a sum
/// of zero means that nobody is inside: who enters later sees CLOSING and leaves again.
final class Gate {
  private static final int OPEN = 0;
  private static final int CLOSING = 1;
  private static final int SHUT = 2;

  private static final int STRIPES = 8;
  private static final int STRIDE = 16;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Gate.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final AtomicIntegerArray inside = new AtomicIntegerArray(STRIPES * STRIDE);
  private volatile int state;
  private volatile @Nullable Runnable whenShut;

  /// The stripe for the calling thread.
  static int stripe() {
    return ((int) Thread.currentThread().threadId() & (STRIPES - 1)) * STRIDE;
  }

  boolean enter(int stripe) {
    inside.getAndIncrement(stripe);
    if (state != OPEN) {
      exit(stripe);
      return false;
    }
    return true;
  }

  void exit(int stripe) {
    inside.getAndDecrement(stripe);
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
    int sum = 0;
    for (int i = 0; i < STRIPES; i++) {
      sum += inside.get(i * STRIDE);
    }
    Runnable action = whenShut;
    if (sum == 0 && action != null && STATE.compareAndSet(this, CLOSING, SHUT)) {
      action.run();
    }
  }
}
