package io.ringwell.kv;

import java.io.IOException;

/// Those entries of its child that pass a test, where the child has them.
final class FilterIterator extends ViewIterator {
  private final KvFilter filter;

  FilterIterator(KvIterator child, KvFilter filter) {
    super(child);
    this.filter = filter;
    child.rewind();
  }

  @Override
  public int poll() throws IOException {
    begin(FORWARD);
    return step(FORWARD);
  }

  @Override
  public int pollPrevious() throws IOException {
    begin(BACKWARD);
    return step(BACKWARD);
  }

  private int step(int direction) throws IOException {
    try {
      int result;
      while ((result = Ladder.poll(child, direction)) == ENTRY) {
        if (filter.accepts(child)) {
          standOn(child.found());
          return ENTRY;
        }
      }
      if (result == PENDING) {
        return suspend(direction);
      }
      entry = null;
      return END;
    } catch (Throwable e) {
      failed(e);
      throw e;
    }
  }
}
