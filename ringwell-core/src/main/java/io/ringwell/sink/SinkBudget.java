package io.ringwell.sink;

import java.util.concurrent.atomic.AtomicLong;

/// Bounds what many sinks hold together, beside the bound of each.
///
/// Every sink made with it is promised one write's worth from the start to the end, or is not made
/// at all. So whatever the others do, it gets on: one write at a time when the budget is used up,
/// more at a time when there is room. Nobody ever waits for memory while holding some that others
/// wait for.
///
/// What is counted is bytes that were sent and not let go of yet. A slice counts with its own size,
/// although it keeps all of its buffer; and one piece that is larger than a write goes beyond the
/// budget when a sink has nothing else to do.
///
/// **Threads.** All methods may be called from any thread, and do not wait.
public final class SinkBudget {
  private final long maxBytes;
  private final AtomicLong free;

  /// @param maxBytes what all sinks hold together, in bytes
  /// @throws IllegalArgumentException if it is less than 1
  public SinkBudget(long maxBytes) {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("a budget is at least 1 byte, not " + maxBytes);
    }
    this.maxBytes = maxBytes;
    this.free = new AtomicLong(maxBytes);
  }

  public long maxBytes() {
    return maxBytes;
  }

  /// What is promised to no sink, and held by none: a moment's value.
  public long freeBytes() {
    return free.get();
  }

  boolean tryTake(long bytes) {
    long now = free.get();
    while (now >= bytes) {
      long seen = free.compareAndExchange(now, now - bytes);
      if (seen == now) {
        return true;
      }
      now = seen;
    }
    return false;
  }

  void give(long bytes) {
    free.addAndGet(bytes);
  }

  @Override
  public String toString() {
    return "SinkBudget[" + free.get() + " of " + maxBytes + " bytes free]";
  }
}
