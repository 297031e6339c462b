package io.ringwell.kv;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// What of its child is within bounds; the child is in the order of [Keys].
final class BoundedIterator extends ViewIterator {
  private final KvBounds bounds;

  BoundedIterator(KvIterator child, KvBounds bounds) {
    super(child);
    this.bounds = bounds;
    toStart();
  }

  @Override
  public int poll() throws IOException {
    begin(FORWARD);
    return ended == FORWARD ? END : step(FORWARD);
  }

  @Override
  public int pollPrevious() throws IOException {
    begin(BACKWARD);
    return ended == BACKWARD ? END : step(BACKWARD);
  }

  private int step(int direction) throws IOException {
    try {
      int result = Ladder.poll(child, direction);
      if (result == PENDING) {
        return suspend(direction);
      }
      // At the other bound nothing is checked: an entry on its far side is not come to from here.
      if (result == ENTRY && within(child.found(), direction)) {
        ended = 0;
        standOn(child.found());
        return ENTRY;
      }
      entry = null;
      ended = direction;
      return END;
    } catch (Throwable e) {
      failed(e);
      throw e;
    }
  }

  private boolean within(Entry at, int direction) {
    return direction == FORWARD
        ? !bounds.isBehind(at.keySegment, at.keyOffset, at.keyLength)
        : !bounds.isBefore(at.keySegment, at.keyOffset, at.keyLength);
  }

  @Override
  void toStart() {
    MemorySegment lower = bounds.lower();
    if (lower == null) {
      super.toStart();
    } else {
      child.seek(lower);
    }
  }

  @Override
  void toEnd() {
    MemorySegment upper = bounds.upper();
    if (upper == null) {
      super.toEnd();
    } else {
      child.seek(upper);
    }
  }

  @Override
  void toKey(MemorySegment key, int length) {
    if (bounds.isBefore(key, 0, length)) {
      toStart();
    } else if (bounds.isBehind(key, 0, length)) {
      toEnd();
    } else {
      super.toKey(key, length);
    }
  }

  @Override
  void behindKey(MemorySegment key, int length) {
    if (bounds.isBefore(key, 0, length)) {
      toStart();
    } else if (bounds.isBehind(key, 0, length)) {
      toEnd();
    } else {
      super.behindKey(key, length);
    }
  }
}
