package io.ringwell.engine;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Bounded queue of operations for workers; urgent ones first.
///
/// Of the writes to one file that the kernel makes one after the other anyway ([#lineOf]), one is
/// with a worker at a time, and the others stand in line behind it: two workers would burn both
/// their processors on the inode's lock.
final class WorkQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final ArrayDeque<Operation> urgent = new ArrayDeque<>();
  private final ArrayDeque<Operation> normal = new ArrayDeque<>();
  private final int capacity;
  private int idle;

  /// Operations that stand in the lines of files.
  private int inLines;

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
    FileHandle file = lineOf(op);
    if (file != null) {
      if (file.beingWritten) {
        file.line().add(op);
        inLines++;
        return;
      }
      file.beingWritten = true;
    }
    putReady(op);
  }

  private void putReady(Operation op) {
    (op.priority == Priority.URGENT ? urgent : normal).add(op);
    work.signal();
  }

  /// The file in whose line an operation stands; null where it stands in none. Asked before a
  /// worker runs it: afterwards it may be another operation.
  static @Nullable FileHandle lineOf(Operation op) {
    return op.kind.holdsInode(op) ? op.file : null;
  }

  /// The next in the line of a file, of which a worker is done with one; null where there is none.
  private @Nullable Operation nextInLine(FileHandle file) {
    Operation next = file.line().poll();
    if (next == null) {
      file.beingWritten = false;
    } else {
      inLines--;
    }
    return next;
  }

  /// A worker is done with an operation in the line of `file`, and does not come for another.
  void leaveLine(FileHandle file) {
    lock.lock();
    try {
      Operation next = nextInLine(file);
      if (next != null) {
        putReady(next);
      }
    } finally {
      lock.unlock();
    }
  }

  /// The next one, or null when none came for `idleNanos` or the queue has ended and is empty.
  ///
  /// @param served whose line the operation stood in that the worker is done with; null for none
  @Nullable Operation take(long idleNanos, @Nullable FileHandle served) {
    lock.lock();
    try {
      Operation next = served == null ? null : nextInLine(served);
      if (next != null) {
        if (ready() == 0) {
          room.signal();
          return next;
        }
        putReady(next);
      }
      long left = idleNanos;
      while (ready() == 0) {
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
      return ready() > idle;
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
    return ready() + inLines;
  }

  private int ready() {
    return urgent.size() + normal.size();
  }

  static long idleNanos(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }
}
