package io.ringwell.kv;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletionStage;

/// Those entries of its child that pass a test, where the child has them.
final class FilterIterator extends KvIterator {
  private final KvIterator child;
  private final KvFilter filter;

  FilterIterator(KvIterator child, KvFilter filter) {
    this.child = child;
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
          standOn(child.entry);
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

  @Override
  void toStart() {
    child.rewind();
  }

  @Override
  void toEnd() {
    child.seekToEnd();
  }

  @Override
  void toKey(MemorySegment key, int length) {
    child.seek(key, 0, length);
  }

  @Override
  void behindKey(MemorySegment key, int length) {
    child.seekForPrevious(key, 0, length);
  }

  @Override
  CompletionStage<Void> readiness() {
    return child.ready();
  }

  @Override
  void park() throws IOException {
    child.await();
  }

  @Override
  void release() {
    child.close();
  }
}
