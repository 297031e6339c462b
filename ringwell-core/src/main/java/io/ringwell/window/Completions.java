package io.ringwell.window;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.Operation;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Books the completions of one writer, with its lock held, on the threads of whoever uses it:
/// there is no thread for it, and polling allocates nothing.
///
/// Of those who park, one leads: it waits at the queue, without the lock, while the others wait to
/// be told by it. Who leads and has what it wanted, or is interrupted, leaves the lead to another.
/// Those who poll book meanwhile, and tell the leader: nobody's progress hangs on a thread that may
/// have no processor.
///
/// A leader whose goal takes many completions, and is not urgent, waits for several at once while
/// nobody follows it: each wake-up costs the thread that completes a system call, for which a write
/// to the page cache would have to wait.
final class Completions {
  /// What is done with a completed operation, with the lock held.
  interface Book {
    void book(Operation op);
  }

  /// Asked with the lock held.
  interface Goal {
    boolean isReached();
  }

  /// A patient leader waits for this part of what is in flight: the rest keeps workers and devices
  /// busy until it has come.
  private static final int PATIENCE = 4;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final CompletionQueue queue = new CompletionQueue();
  private final Book book;
  private @Nullable Thread leader;

  /// Whether the leader waits for several completions.
  private boolean leaderIsPatient;

  private int inFlight;
  private int waiters;

  Completions(Book book) {
    this.book = book;
  }

  CompletionQueue queue() {
    return queue;
  }

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  /// An operation that announces itself in the queue is about to be submitted. With the lock held.
  void begun() {
    inFlight++;
    if (leader == null) {
      signal();
    }
  }

  /// It was not taken. With the lock held.
  void unbegun() {
    inFlight--;
  }

  /// Something that others may wait for has changed. With the lock held.
  void changed() {
    signal();
    Thread leads = leader;
    if (leads != null && leads != Thread.currentThread()) {
      LockSupport.unpark(leads);
    }
  }

  private void signal() {
    if (waiters > 0) {
      changed.signalAll();
    }
  }

  /// Books what has completed, unless another thread is at it. Never blocks.
  void progress() {
    if (lock.tryLock()) {
      try {
        drain();
      } finally {
        lock.unlock();
      }
    }
  }

  /// The same with the lock held.
  void drain() {
    if (inFlight == 0) {
      return;
    }
    Operation op = queue.poll();
    if (op == null) {
      return;
    }
    while (op != null) {
      inFlight--;
      book.book(op);
      op = queue.poll();
    }
    changed();
  }

  /// Parks until `goal` is reached. Returns with the lock held; throws without.
  ///
  /// @throws InterruptedIOException where the thread is interrupted; what is in flight goes on
  void awaitLocked(Goal goal) throws InterruptedIOException {
    awaitLocked(goal, false);
  }

  /// The same.
  ///
  /// @param patient whether to look at the goal only when a good part of what is in flight has
  ///   completed
  void awaitLocked(Goal goal, boolean patient) throws InterruptedIOException {
    lock.lock();
    boolean reached = false;
    try {
      drain();
      while (!goal.isReached()) {
        if (leader != null || inFlight == 0) {
          follow();
        } else {
          lead(patient && waiters == 0 ? Math.max(1, inFlight / PATIENCE) : 1);
        }
        drain();
      }
      reached = true;
    } finally {
      if (!reached) {
        lock.unlock();
      }
    }
  }

  /// Parks until `goal` is reached.
  void await(Goal goal) throws InterruptedIOException {
    awaitLocked(goal);
    lock.unlock();
  }

  /// The same for what must not be left half-done: an interrupt is kept for later. Returns with the
  /// lock held.
  void awaitLockedThroughInterrupts(Goal goal) {
    boolean interrupted = false;
    while (true) {
      try {
        awaitLocked(goal);
        break;
      } catch (InterruptedIOException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // The loop is in awaitLocked.
  private void follow() throws InterruptedIOException {
    waiters++;
    if (leaderIsPatient) {
      LockSupport.unpark(leader);
    }
    try {
      changed.await();
    } catch (InterruptedException e) {
      InterruptedIOException told = new InterruptedIOException("interrupted while waiting");
      told.initCause(e);
      throw told;
    } finally {
      waiters--;
    }
  }

  private void lead(int completions) throws InterruptedIOException {
    leader = Thread.currentThread();
    leaderIsPatient = completions > 1;
    lock.unlock();
    try {
      queue.awaitArrivals(completions);
    } finally {
      lock.lock();
      leader = null;
      leaderIsPatient = false;
      // Somebody else may have to lead on.
      signal();
    }
  }
}
