package io.ringwell.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Where an [Operation] is in its life; the states, and whose it is in each, are told there. Every
/// step from one to another is here, with the memory order that it needs: whoever sees a state sees
/// what was written before it.
abstract sealed class OperationState extends OperationRequest permits OperationSlot {
  static final int FREE = 0;
  static final int QUEUED = 1;
  static final int SUBMITTED = 2;
  static final int DONE = 3;
  static final int ABANDONED = 4;

  private static final VarHandle STATE;
  static final VarHandle WAITER;
  private static final VarHandle TICKET;
  private static final VarHandle CANCELLED;
  private static final VarHandle OPENED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(OperationState.class, "state", int.class);
      TICKET = lookup.findVarHandle(OperationState.class, "ticket", int.class);
      CANCELLED = lookup.findVarHandle(OperationState.class, "cancelled", boolean.class);
      OPENED = lookup.findVarHandle(OperationState.class, "opened", FileHandle.class);
      WAITER = lookup.findVarHandle(OperationState.class, "waiter", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  volatile int state;
  volatile @Nullable Thread waiter;

  /// Counts its uses: a cancel that comes late does not meet the next one.
  volatile int ticket;

  /// Somebody has cancelled this use.
  volatile boolean cancelled;

  /// What it opened; closed where its waiter has gone.
  volatile @Nullable FileHandle opened;

  /// The caller prepares it anew. A volatile write costs a fence: here are none that change
  /// nothing.
  void becomeFree() {
    STATE.setRelease(this, FREE);
    if (opened != null) {
      opened = null;
    }
  }

  /// FREE becomes QUEUED: a new use, which nobody has cancelled yet.
  void becomeQueued() {
    if (cancelled) {
      cancelled = false;
    }
    TICKET.setRelease(this, ticket + 1);
    STATE.setRelease(this, QUEUED);
  }

  /// QUEUED becomes SUBMITTED; one that is ABANDONED stays that.
  void submitted() {
    STATE.compareAndSet(this, QUEUED, SUBMITTED);
  }

  /// The waiter goes while the operation is in flight.
  ///
  /// @return false where it has completed meanwhile
  boolean markAbandoned() {
    int now = state;
    while (now != DONE) {
      if (STATE.compareAndSet(this, now, ABANDONED)) {
        return true;
      }
      now = state;
    }
    return false;
  }

  final boolean isAbandoned() {
    return state == ABANDONED;
  }

  /// Closes the file that an operation opened for a waiter who has gone.
  final void closeUnused() {
    FileHandle unused = (FileHandle) OPENED.getAndSet(this, null);
    if (unused != null) {
      unused.closeInBackground();
    }
  }

  /// It has ended; what it opened for a waiter who has gone is closed before.
  void markDone() {
    int now = state;
    while (now != ABANDONED) {
      if (STATE.compareAndSet(this, now, DONE)) {
        return;
      }
      now = state;
    }
    closeUnused();
    STATE.setVolatile(this, DONE);
  }

  /// DONE by the one thread that has it: taken from a [CompletionQueue], or never given away.
  void becomeDone() {
    STATE.setRelease(this, DONE);
  }

  /// Marks this use as cancelled.
  ///
  /// @return whether it was not before
  boolean markCancelled() {
    return (boolean) CANCELLED.compareAndSet(this, false, true);
  }

  /// To be called between setting the `loop` of a link and reading whether it is cancelled. Whoever
  /// cancels it says so first and then reads `loop`: so one of the two sees the other.
  static void loopIsKnown() {
    VarHandle.fullFence();
  }

  boolean isFree() {
    return state == FREE;
  }
}
