package io.ringwell.engine;

import java.io.InterruptedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Where completed operations are collected by the one thread that submitted them, in the order of
/// their completion.
///
/// Operations come in through [Operation#notifying]; each is in at most one queue, through a link
/// of its own, so a queue allocates nothing and holds no more than there are operations.
///
/// **Threads.** Any thread adds; one thread at a time takes, and one waits.
public final class CompletionQueue {
  private static final VarHandle ARRIVED;

  static {
    try {
      ARRIVED =
          MethodHandles.lookup().findVarHandle(CompletionQueue.class, "arrived", Operation.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// Pauses between two looks at the clock.
  private static final int PAUSES = 16;

  // Newest first, linked by nextDone.
  private volatile @Nullable Operation arrived;
  private volatile @Nullable Thread taker;

  /// How many have to have arrived before the taker is unparked.
  private volatile int wanted = 1;

  /// When the taker was unparked, by [System#nanoTime]; written before that.
  private volatile long unparkedNanos;

  // Oldest first; the taker's alone.
  private @Nullable Operation ready;
  private final SpinPolicy spins = new SpinPolicy();

  public CompletionQueue() {}

  void add(Operation op) {
    addAll(op, op);
  }

  /// Adds operations that are linked from the newest to the oldest.
  void addAll(Operation newest, Operation oldest) {
    int count = 1;
    Operation each = newest;
    while (each != oldest && each != null) {
      each = each.nextDone;
      count++;
    }
    Operation head;
    int before;
    do {
      head = arrived;
      before = head == null ? 0 : head.arrivedCount;
      oldest.nextDone = head;
      newest.arrivedCount = before + count;
    } while (!ARRIVED.compareAndSet(this, head, newest));
    int enough = wanted;
    if (before < enough && before + count >= enough) {
      Thread parked = taker;
      if (parked != null) {
        unparkedNanos = System.nanoTime();
        LockSupport.unpark(parked);
      }
    }
  }

  /// The next completed operation, or null when there is none. Never blocks, allocates nothing.
  public @Nullable Operation poll() {
    Operation next = ready;
    if (next == null) {
      next = turn();
      if (next == null) {
        return null;
      }
    }
    ready = next.nextDone;
    next.nextDone = null;
    next.becomeDone();
    spins.took();
    return next;
  }

  /// Takes all that arrived and turns it round.
  private @Nullable Operation turn() {
    if (arrived == null) {
      return null;
    }
    Operation newest = (Operation) ARRIVED.getAndSet(this, null);
    Operation oldest = null;
    while (newest != null) {
      Operation older = newest.nextDone;
      newest.nextDone = oldest;
      oldest = newest;
      newest = older;
    }
    return oldest;
  }

  /// The next completed operation; parks until there is one.
  ///
  /// @throws InterruptedIOException where the thread is interrupted; operations go on
  public Operation take() throws InterruptedIOException {
    Operation next = poll();
    return next != null ? next : await();
  }

  private Operation await() throws InterruptedIOException {
    long start = System.nanoTime();
    if (!Thread.currentThread().isVirtual()) {
      spin(start + spins.nanos());
    }
    Operation next = poll();
    if (next != null) {
      spins.waited(System.nanoTime() - start);
      return next;
    }
    next = parkUntilOne();
    spins.waited(unparkedNanos - start);
    return next;
  }

  /// The pauses leave a processor's other thread, where it has one, most of it; the clock would
  /// not.
  private void spin(long end) {
    while (arrived == null && System.nanoTime() - end < 0) {
      for (int i = 0; i < PAUSES && arrived == null; i++) {
        Thread.onSpinWait();
      }
    }
  }

  /// Parks until there is something to take, and takes nothing: for several threads that share a
  /// queue, and take from it with a lock of their own held, while one of them waits here without.
  /// May return for no reason, as [LockSupport#park] does, such as an unpark by one of the others.
  ///
  /// @throws InterruptedIOException where the thread is interrupted; operations go on
  public void awaitArrival() throws InterruptedIOException {
    awaitArrivals(1);
  }

  /// The same until `count` have arrived and were not taken; so many have to be in flight. Each
  /// wake-up costs whoever completes operations a system call, so a thread that does not need every
  /// one of them at once had better wait for several.
  ///
  /// @throws InterruptedIOException where the thread is interrupted; operations go on
  public void awaitArrivals(int count) throws InterruptedIOException {
    long start = System.nanoTime();
    if (!Thread.currentThread().isVirtual()) {
      spin(start + spins.nanos());
    }
    wanted = count;
    taker = Thread.currentThread();
    try {
      Operation newest = arrived;
      if (newest == null || newest.arrivedCount < count) {
        LockSupport.park(this);
        if (Thread.interrupted()) {
          throw new InterruptedIOException("interrupted while waiting for a completion");
        }
      }
    } finally {
      taker = null;
      wanted = 1;
    }
  }

  private Operation parkUntilOne() throws InterruptedIOException {
    taker = Thread.currentThread();
    try {
      while (true) {
        Operation next = poll();
        if (next != null) {
          return next;
        }
        LockSupport.park(this);
        if (Thread.interrupted()) {
          throw new InterruptedIOException("interrupted while waiting for a completion");
        }
      }
    } finally {
      taker = null;
    }
  }
}
