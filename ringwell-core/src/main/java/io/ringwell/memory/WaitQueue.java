package io.ringwell.memory;

import org.jspecify.annotations.Nullable;

/// Threads that wait for a buffer, first come, first served; any may leave in constant time.
///
/// Used with the pool's lock held, save [Waiter#outcome], which the waiting thread reads without
/// it.
final class WaitQueue {
  /// One thread's request.
  static final class Waiter {
    final Thread thread = Thread.currentThread();
    final long bytes;
    private @Nullable Waiter before;
    private @Nullable Waiter after;

    /// What came of it: the block, or what to throw. Null while it waits.
    volatile @Nullable Outcome outcome;

    Waiter(long bytes) {
      this.bytes = bytes;
    }
  }

  /// The end of a wait: exactly one of the two is there.
  record Outcome(@Nullable Block block, @Nullable Throwable failure) {}

  private @Nullable Waiter first;
  private @Nullable Waiter last;
  private int length;

  int length() {
    return length;
  }

  @Nullable Waiter first() {
    return first;
  }

  void add(Waiter waiter) {
    waiter.before = last;
    if (last == null) {
      first = waiter;
    } else {
      last.after = waiter;
    }
    last = waiter;
    length++;
  }

  void remove(Waiter waiter) {
    Waiter before = waiter.before;
    Waiter after = waiter.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
    waiter.before = null;
    waiter.after = null;
    length--;
  }
}
