package io.ringwell.window;

import java.io.InterruptedIOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The ranges of one file that windows and claims of this process cover, so that no claim meets
/// another or a window. One for a file, shared by all who have it open here, counted.
///
/// Windows may overlap windows. So a window is checked against the claims alone, which are few, and
/// entering one costs a lock and a look at each claim; a claim is checked against everything.
///
/// **Locks.** Owners call [#exit] and [#committed] with a lock of their own held; nothing here
/// calls what takes an owner's lock with the lock of this held.
final class FileRanges {
  private static final ConcurrentHashMap<Object, FileRanges> OPEN = new ConcurrentHashMap<>();

  private final Object identity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable FileRange windows;
  private @Nullable FileRange claims;
  private int waiters;

  /// Changed inside `OPEN.compute` alone.
  private int users;

  private FileRanges(Object identity) {
    this.identity = identity;
  }

  /// The one of this file, which the caller closes.
  ///
  /// @param identity equal for the same file, as [FileIdentity] makes it
  static FileRanges open(Object identity) {
    return OPEN.compute(
        identity,
        (key, known) -> {
          FileRanges ranges = known == null ? new FileRanges(key) : known;
          ranges.users++;
          return ranges;
        });
  }

  /// The caller, who has left with all ranges, is done with it.
  void close() {
    OPEN.computeIfPresent(identity, (key, known) -> --known.users == 0 ? null : known);
  }

  /// Files that anybody has open.
  static int openFiles() {
    return OPEN.size();
  }

  /// A window covers `length` bytes from `from` on, until [#exit].
  ///
  /// @throws IllegalStateException where a claim is there, and `overlap` says to refuse
  void enterRead(FileRange mine, long from, long length, Overlap overlap)
      throws InterruptedIOException {
    enter(mine, false, from, length, overlap);
  }

  /// The same without waiting.
  ///
  /// @return false where it would have to wait
  boolean tryEnterRead(FileRange mine, long from, long length, Overlap overlap) {
    return tryEnter(mine, false, from, length, overlap);
  }

  /// A claim covers `length` bytes from `from` on, until [#exit].
  ///
  /// @throws IllegalStateException where a claim or window is there, and `overlap` says to refuse
  void enterWrite(FileRange mine, long from, long length, Overlap overlap)
      throws InterruptedIOException {
    enter(mine, true, from, length, overlap);
  }

  /// The same without waiting.
  ///
  /// @return false where it would have to wait
  boolean tryEnterWrite(FileRange mine, long from, long length, Overlap overlap) {
    return tryEnter(mine, true, from, length, overlap);
  }

  private boolean tryEnter(
      FileRange mine, boolean writing, long from, long length, Overlap overlap) {
    FileRange other = place(mine, writing, from, length);
    boolean moved = true;
    while (moved && other != null && other.owner != null) {
      // A claim may have been written meanwhile, and nobody looked; a read gives way. Where another
      // is there by then, the same holds for that one.
      int use = other.use();
      other.owner.progress();
      FileRange next = place(mine, writing, from, length);
      moved = next != other || next.use() != use;
      other = next;
    }
    if (other != null && overlap == Overlap.REFUSE) {
      throw refused(mine, from, length, other);
    }
    return other == null;
  }

  private void enter(FileRange mine, boolean writing, long from, long length, Overlap overlap)
      throws InterruptedIOException {
    if (tryEnter(mine, writing, from, length, overlap)) {
      return;
    }
    while (true) {
      FileRange other;
      int use;
      lock.lock();
      try {
        other = place(mine, writing, from, length);
        if (other == null) {
          return;
        }
        use = other.use();
        if (mine.owner != null) {
          mine.owner.requireOpen();
        }
        if (other.owner == null || !other.committed) {
          awaitChange(mine);
          continue;
        }
      } finally {
        lock.unlock();
      }
      other.owner.awaitExit(other, use);
    }
  }

  @SuppressWarnings("WaitNotInLoop") // The loop is in enter.
  private void awaitChange(FileRange mine) throws InterruptedIOException {
    waiters++;
    try {
      changed.await();
    } catch (InterruptedException e) {
      InterruptedIOException told =
          new InterruptedIOException("interrupted while waiting for the range of a " + mine);
      told.initCause(e);
      throw told;
    } finally {
      waiters--;
    }
  }

  /// Enters, or answers who is in the way.
  private @Nullable FileRange place(FileRange mine, boolean writing, long from, long length) {
    if (from < 0 || length < 1) {
      throw new IllegalArgumentException("a range from " + from + " for " + length + " bytes");
    }
    long to = from > Long.MAX_VALUE - length ? Long.MAX_VALUE : from + length;
    lock.lock();
    try {
      if (mine.isEntered()) {
        throw new IllegalStateException("entered already: " + mine);
      }
      FileRange other = find(claims, from, to);
      if (other == null && writing) {
        other = find(windows, from, to);
      }
      if (other == null) {
        mine.from = from;
        mine.to = to;
        mine.writing = writing;
        link(mine);
        mine.entered();
      }
      return other;
    } finally {
      lock.unlock();
    }
  }

  private static @Nullable FileRange find(@Nullable FileRange first, long from, long to) {
    FileRange range = first;
    while (range != null && !range.overlaps(from, to)) {
      range = range.after;
    }
    return range;
  }

  private void link(FileRange mine) {
    FileRange first = mine.writing ? claims : windows;
    mine.before = null;
    mine.after = first;
    if (first != null) {
      first.before = mine;
    }
    setFirst(mine.writing, mine);
  }

  private void setFirst(boolean writing, @Nullable FileRange first) {
    if (writing) {
      claims = first;
    } else {
      windows = first;
    }
  }

  private static IllegalStateException refused(
      FileRange mine, long from, long length, FileRange other) {
    return new IllegalStateException(
        "a "
            + mine.describe(from, from + length)
            + " overlaps a "
            + other
            + " of the same file; let that end first, or ask for Overlap.WAIT");
  }

  /// A claim goes to the kernel: who waits for it has to wait with its owner.
  void committed(FileRange mine) {
    lock.lock();
    try {
      mine.committed = true;
      signal();
    } finally {
      lock.unlock();
    }
  }

  /// The range ends earlier: what is behind its first `length` bytes is free.
  void shrink(FileRange mine, long length) {
    lock.lock();
    try {
      mine.to = mine.from + length;
      signal();
    } finally {
      lock.unlock();
    }
  }

  /// The range is free again.
  void exit(FileRange mine) {
    lock.lock();
    try {
      FileRange before = mine.before;
      FileRange after = mine.after;
      if (before == null) {
        setFirst(mine.writing, after);
      } else {
        before.after = after;
      }
      if (after != null) {
        after.before = before;
      }
      mine.before = null;
      mine.after = null;
      mine.exited();
      signal();
    } finally {
      lock.unlock();
    }
  }

  /// An owner has closed: who waits on its behalf is to give up.
  void ownerClosed() {
    lock.lock();
    try {
      signal();
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    if (waiters > 0) {
      changed.signalAll();
    }
  }
}
