package io.ringwell.pipe;

import java.io.InterruptedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Where one side waits for the other: a thread that is parked, or a stage.
///
/// Who waits puts itself here, then looks once more at what it waits for. Who brings that about
/// writes it, then looks here. There is a full fence between the two steps on both sides, so that
/// one of them sees the other. To be woken means to look again, nothing more.
final class WaitSlot {
  /// Something to wait for.
  interface Condition {
    boolean holds();
  }

  private static final VarHandle WAITER;
  private static final VarHandle WAITING;

  /// Parking and being woken costs some tens of microseconds on a virtual machine. Whoever reads or
  /// writes now comes back sooner than that, mostly.
  private static final long LONGEST_SPIN_NANOS = 20_000;

  /// One look at the clock for that many looks at the condition.
  private static final int LOOKS = 64;

  private static final boolean ALONE = Runtime.getRuntime().availableProcessors() == 1;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      WAITER = lookup.findVarHandle(WaitSlot.class, "waiter", Object.class);
      WAITING = lookup.findVarHandle(WaitSlot.class, "waiting", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Executor scheduler;

  /// A thread, or a `Runnable` for the scheduler.
  private volatile @Nullable Object waiter;

  /// From before somebody waits until he goes on: longer than the slot is taken.
  @SuppressWarnings("UnusedVariable") // through WAITING
  private boolean waiting;

  /// How long the next wait may spin: waits that spun in vain make it shorter. The waiter's.
  private long spinNanos = ALONE ? 0 : LONGEST_SPIN_NANOS;

  WaitSlot(Executor scheduler) {
    this.scheduler = scheduler;
  }

  /// Whether anybody waits, for those who have a fence behind them.
  boolean isTaken() {
    return WAITER.getOpaque(this) != null;
  }

  /// Wakes who waits, if anybody does.
  void wake() {
    Object found = waiter;
    if (found == null || !WAITER.compareAndSet(this, found, null)) {
      return;
    }
    if (found instanceof Thread thread) {
      LockSupport.unpark(thread);
    } else {
      Completion.execute(scheduler, (Runnable) found);
    }
  }

  /// Parks until `condition` holds. What the other side does is seen afterwards.
  ///
  /// @throws InterruptedIOException if the thread is interrupted before; it stays so
  void await(Condition condition, String what) throws InterruptedIOException {
    if (condition.holds()) {
      return;
    }
    WAITING.setOpaque(this, true);
    try {
      if (!spin(condition)) {
        park(condition, what);
      }
    } finally {
      leave();
    }
  }

  private void park(Condition condition, String what) throws InterruptedIOException {
    Thread self = Thread.currentThread();
    try {
      do {
        WAITER.setVolatile(this, self);
        VarHandle.fullFence();
        if (condition.holds()) {
          return;
        }
        if (self.isInterrupted()) {
          throw new InterruptedIOException("interrupted while waiting for " + what);
        }
        LockSupport.park(this);
      } while (!condition.holds());
    } finally {
      WAITER.compareAndSet(this, self, null);
    }
  }

  private boolean spin(Condition condition) {
    if (spinNanos == 0 || Thread.currentThread().isInterrupted()) {
      // Now and then it is tried again: the other side may have become faster.
      spinNanos = ALONE || Thread.currentThread().isVirtual() ? 0 : LONGEST_SPIN_NANOS >> 4;
      return false;
    }
    long start = System.nanoTime();
    do {
      for (int i = 0; i < LOOKS; i++) {
        if (condition.holds()) {
          spinNanos = Math.min(LONGEST_SPIN_NANOS, spinNanos << 1);
          return true;
        }
        Thread.onSpinWait();
      }
    } while (System.nanoTime() - start < spinNanos);
    spinNanos >>= 1;
    if (spinNanos < LONGEST_SPIN_NANOS >> 5) {
      spinNanos = 0;
    }
    return false;
  }

  /// Has `task` run by the scheduler once `condition` holds, unless it does now. When it does not
  /// wait any more, it says so by [#leave].
  ///
  /// @return true where it does, and the task will not run
  boolean arm(Runnable task, Condition condition) {
    WAITING.setOpaque(this, true);
    WAITER.setVolatile(this, task);
    VarHandle.fullFence();
    if (condition.holds() && WAITER.compareAndSet(this, task, null)) {
      leave();
      return true;
    }
    return false;
  }

  /// Who has waited goes on.
  void leave() {
    WAITING.setOpaque(this, false);
  }

  /// Whether somebody waits, or was woken and has not gone on yet.
  boolean isWaiting() {
    return (boolean) WAITING.getOpaque(this);
  }
}
