package io.ringwell.engine;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Bounded queue of operations from any number of threads to one.
///
/// A producer claims an index by compare-and-set and then stores its element; the consumer stops at
/// the first index that is claimed and not yet stored. Capacity is a hard bound: an offer beyond it
/// is refused.
final class OperationQueue {
  /// Places in [#indexes], each in a cache line of its own.
  private static final int PRODUCED = 16;

  private static final int LIMIT = 32;
  private static final int CONSUMED = 48;
  private static final int INDEXES = 64;

  private final AtomicReferenceArray<@Nullable Operation> elements;
  private final AtomicLongArray indexes = new AtomicLongArray(INDEXES);
  private final int mask;

  OperationQueue(int capacity) {
    if (Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException("capacity is not a power of two: " + capacity);
    }
    elements = new AtomicReferenceArray<>(capacity);
    mask = capacity - 1;
    indexes.set(LIMIT, capacity);
  }

  /// False where the queue is full. From any thread.
  boolean offer(Operation op) {
    long index;
    do {
      index = indexes.get(PRODUCED);
      if (index >= indexes.get(LIMIT)) {
        long limit = indexes.get(CONSUMED) + mask + 1;
        if (index >= limit) {
          return false;
        }
        indexes.setRelease(LIMIT, limit);
      }
    } while (!indexes.compareAndSet(PRODUCED, index, index + 1));
    elements.setRelease((int) index & mask, op);
    return true;
  }

  /// Offers `ops[from]` to `ops[to - 1]` at once: they are stored last to first, so that the
  /// consumer, who stops at the first that is missing, finds all of them or none.
  ///
  /// @return how many found room, from the front
  int offer(Operation[] ops, int from, int to) {
    int count;
    long index;
    do {
      index = indexes.get(PRODUCED);
      long room = indexes.get(CONSUMED) + mask + 1 - index;
      count = (int) Math.min(room, to - from);
      if (count <= 0) {
        return 0;
      }
    } while (!indexes.compareAndSet(PRODUCED, index, index + count));
    for (int i = count - 1; i >= 0; i--) {
      elements.setRelease((int) (index + i) & mask, ops[from + i]);
    }
    return count;
  }

  /// The next one, or null when there is none that is stored. From the consumer alone.
  @Nullable Operation poll() {
    long index = indexes.getPlain(CONSUMED);
    int at = (int) index & mask;
    Operation op = elements.getAcquire(at);
    if (op == null) {
      return null;
    }
    elements.setPlain(at, null);
    indexes.setRelease(CONSUMED, index + 1);
    return op;
  }

  /// How many are claimed and not taken; exact only while nobody adds or takes.
  int size() {
    return (int) Math.max(0, indexes.get(PRODUCED) - indexes.get(CONSUMED));
  }

  boolean isEmpty() {
    return indexes.get(PRODUCED) == indexes.get(CONSUMED);
  }

  int capacity() {
    return mask + 1;
  }
}
