package io.ringwell.engine;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Bounded queue of operations for workers; urgent ones first.
final class WorkQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final ArrayDeque<Operation> urgent = new ArrayDeque<>();
  private final ArrayDeque<Operation> normal = new ArrayDeque<>();
  private final int capacity;
  private int idle;
  private boolean closing;
  private boolean ended;

  WorkQueue(int capacity) {
    this.capacity = capacity;
  }

  /// False where the queue is full.
  boolean offer(Operation op) {
    lock.lock();
    try {
      if (size() >= capacity) {
        return false;
      }
      put(op);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Parks while the queue is full.
  void offerParking(Operation op) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (size() >= capacity) {
        if (closing) {
          throw AbstractEngine.closed();
        }
        room.await();
      }
      put(op);
    } finally {
      lock.unlock();
    }
  }

  /// For an operation that was taken before and goes on: it never waits for room, which its own
  /// worker would have to make.
  void offerAgain(Operation op) {
    lock.lock();
    try {
      put(op);
    } finally {
      lock.unlock();
    }
  }

  private void put(Operation op) {
    (op.priority == Priority.URGENT ? urgent : normal).add(op);
    work.signal();
  }

  /// The next one, or null when none came for `idleNanos` or the queue has ended and is empty.
  @Nullable Operation take(long idleNanos) {
    lock.lock();
    try {
      long left = idleNanos;
      while (size() == 0) {
        if (ended || left <= 0) {
          return null;
        }
        idle++;
        try {
          left = work.awaitNanos(left);
        } catch (InterruptedException e) {
          // Nobody interrupts a worker to any purpose, and awaitNanos has cleared the flag.
          left = idleNanos;
        } finally {
          idle--;
        }
      }
      Operation op = urgent.isEmpty() ? normal.poll() : urgent.poll();
      room.signal();
      return op;
    } finally {
      lock.unlock();
    }
  }

  /// Whether there is more to do than there are workers waiting for it.
  boolean wantsWorker() {
    lock.lock();
    try {
      return size() > idle;
    } finally {
      lock.unlock();
    }
  }

  /// Whoever waits for room leaves.
  void startClosing() {
    lock.lock();
    try {
      closing = true;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// What is queued is still done; then workers end.
  void end() {
    lock.lock();
    try {
      ended = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }

  int size() {
    return urgent.size() + normal.size();
  }

  static long idleNanos(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }
}
