package io.ringwell.pipe;

import java.io.InterruptedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Where one side waits for the other: a thread that is parked, or a stage.
///
/// Who waits puts itself here, then looks once more at what it waits for. Who brings that about
/// writes it, then looks here. There is a full fence between the two steps on both sides, so that
/// one of them sees the other. To be woken means to look again, nothing more.
///
/// Each time the slot is taken has a number of its own, the turn. Who takes himself out names it:
/// he may have been woken meanwhile, on another thread, which may have the same task wait again,
/// and that is not his to take out.
final class WaitSlot {
  /// Something to wait for.
  interface Condition {
    boolean holds();
  }

  private static final VarHandle TURN;
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
      TURN = lookup.findVarHandle(WaitSlot.class, "turn", long.class);
      WAITING = lookup.findVarHandle(WaitSlot.class, "waiting", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Executor scheduler;

  /// Odd while the slot is taken. Who waits makes it odd, whoever takes him out even.
  private volatile long turn;

  /// A thread, or a `Runnable` for the scheduler. Written before the turn, and so the right one for
  /// whoever read it and then ended that turn.
  private @Nullable Object waiter;

  /// The turn behind that whose task was begun last: of a task alone.
  private long begun;

  /// Runs the task that waited; one object for all of them.
  private final Runnable go = this::go;

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
    return ((long) TURN.getOpaque(this) & 1) != 0;
  }

  /// Wakes who waits, if anybody does.
  void wake() {
    long now = turn;
    if ((now & 1) == 0) {
      return;
    }
    Object found = waiter;
    if (!end(now)) {
      return;
    }
    if (found instanceof Thread thread) {
      LockSupport.unpark(thread);
    } else {
      schedule((Runnable) Objects.requireNonNull(found), now);
    }
  }

  /// What the scheduler refuses runs here. Where it runs in the call, and throws the same itself,
  /// it has run.
  private void schedule(Runnable task, long ended) {
    try {
      scheduler.execute(go);
    } catch (RejectedExecutionException e) {
      if (begun > ended) {
        throw e;
      }
      task.run();
    }
  }

  /// In the scheduler. Who was taken out is there still: nobody else waits until he goes on.
  private void go() {
    Runnable task = (Runnable) Objects.requireNonNull(waiter);
    begun = turn;
    task.run();
  }

  /// Has the calling thread be unparked as if it waited here, while it waits for something else:
  /// before each look at what would end that wait. [#ignore] when it is over.
  void listen() {
    WAITING.setOpaque(this, true);
    take(Thread.currentThread());
  }

  /// Ends what [#listen] began.
  void ignore() {
    long now = turn;
    if ((now & 1) != 0) {
      end(now);
    }
    leave();
  }

  /// Takes the slot, unless who waits still has it.
  ///
  /// @return the turn
  private long take(Object who) {
    long now = turn;
    if ((now & 1) == 0) {
      waiter = who;
      turn = ++now;
    }
    VarHandle.fullFence();
    return now;
  }

  private boolean end(long taken) {
    return TURN.compareAndSet(this, taken, taken + 1);
  }

  /// Parks until `condition` holds. What the other side does is seen afterwards. When it is done
  /// with what it waited for, or was thrown out, it says so by [#leave].
  ///
  /// @throws InterruptedIOException if the thread is interrupted before; it stays so
  void await(Condition condition, String what) throws InterruptedIOException {
    if (condition.holds()) {
      return;
    }
    WAITING.setOpaque(this, true);
    if (!spin(condition)) {
      park(condition, what);
    }
  }

  private void park(Condition condition, String what) throws InterruptedIOException {
    Thread self = Thread.currentThread();
    long taken = 0;
    try {
      do {
        taken = take(self);
        if (condition.holds()) {
          return;
        }
        if (self.isInterrupted()) {
          throw new InterruptedIOException("interrupted while waiting for " + what);
        }
        LockSupport.park(this);
      } while (!condition.holds());
    } finally {
      end(taken);
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

  /// Has `task` run by the scheduler once `condition` holds, unless it does now. Whoever goes on
  /// then says so by [#leave] when it is done with what was waited for.
  ///
  /// The task may run before this returns. So `condition` writes nothing: what it reads may be
  /// another's by then, who has gone on, and its answer is of no account then.
  ///
  /// @return true where it does, and the task will not run
  boolean arm(Runnable task, Condition condition) {
    WAITING.setOpaque(this, true);
    long taken = take(task);
    return condition.holds() && end(taken);
  }

  /// Who has waited goes on, and is done with what the wait was for: the pipe may be reset.
  void leave() {
    waiter = null; // whoever wakes late has read it, and finds its turn over
    WAITING.setRelease(this, false);
  }

  /// Whether somebody waits, or was woken and has not gone on yet.
  boolean isWaiting() {
    return (boolean) WAITING.getAcquire(this);
  }
}
