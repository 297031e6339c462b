package io.ringwell.search;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What is still to do. The newest first, so that a tree is gone through in depth and what waits
/// stays within the directories of one path through it. Any number of threads.
final class TaskQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Task> waiting = new ArrayDeque<>();

  /// Tasks that wait or are being done.
  private int unfinished;

  private boolean stopped;

  void add(Task task) {
    lock.lock();
    try {
      waiting.push(task);
      unfinished++;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// The next; waits while others may still add some. Null when all is done. Each that is taken is
  /// followed by [#done].
  @Nullable Task take() {
    lock.lock();
    try {
      while (waiting.isEmpty() && unfinished > 0 && !stopped) {
        changed.awaitUninterruptibly();
      }
      return stopped ? null : waiting.poll();
    } finally {
      lock.unlock();
    }
  }

  void done() {
    lock.lock();
    try {
      unfinished--;
      if (unfinished == 0) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Nothing more is taken.
  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }
}
