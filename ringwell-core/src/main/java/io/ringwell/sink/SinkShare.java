package io.ringwell.sink;

import java.io.IOException;

/// One sink's share of a [SinkBudget]: whole writes, the first of them promised. Used with the
/// sink's lock held.
final class SinkShare {
  private final SinkBudget budget;
  private final long unit;
  private long granted;

  /// @param unit one write, in bytes
  /// @throws IOException where the budget has no room for one more sink
  SinkShare(String name, SinkBudget budget, long unit) throws IOException {
    if (!budget.tryTake(unit)) {
      throw new IOException(
          name
              + " was not opened: the budget of "
              + budget.maxBytes()
              + " bytes that sinks share has no room for one more write of "
              + unit
              + " bytes; close some, or take smaller writes");
    }
    this.budget = budget;
    this.unit = unit;
    this.granted = unit;
  }

  /// Has it hold `bytes`.
  ///
  /// @return false where that is more than there is room for
  boolean covers(long bytes) {
    if (bytes <= granted) {
      return true;
    }
    long more = whole(bytes) - granted;
    if (!budget.tryTake(more)) {
      return false;
    }
    granted += more;
    return true;
  }

  /// It holds `bytes`, no more: gives back what goes beyond that.
  void settle(long bytes) {
    long needed = Math.max(unit, whole(bytes));
    if (granted > needed) {
      budget.give(granted - needed);
      granted = needed;
    }
  }

  private long whole(long bytes) {
    return (bytes + unit - 1) / unit * unit;
  }

  /// The promise, too. Closing again does nothing.
  void close() {
    budget.give(granted);
    granted = 0;
  }
}
