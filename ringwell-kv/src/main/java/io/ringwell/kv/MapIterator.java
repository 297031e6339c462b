package io.ringwell.kv;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletionStage;

/// The entries of its child with other values.
final class MapIterator extends KvIterator {
  private final KvIterator child;
  private final KvMapper mapper;
  private final Entry own = new Entry();
  private final KvMapped mapped = new KvMapped(own);

  MapIterator(KvIterator child, KvMapper mapper) {
    this.child = child;
    this.mapper = mapper;
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
      int result = Ladder.poll(child, direction);
      if (result == PENDING) {
        return suspend(direction);
      }
      Entry at = child.entry;
      if (result == END || at == null) {
        entry = null;
        return END;
      }
      own.show(at);
      mapper.map(child, mapped);
      standOn(own);
      return ENTRY;
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
