package io.ringwell.kv;

import java.io.IOException;

/// The entries of its child with other values.
final class MapIterator extends ViewIterator {
  private final KvMapper mapper;
  private final Entry own = new Entry();
  private final KvMapped mapped = new KvMapped(own);

  MapIterator(KvIterator child, KvMapper mapper) {
    super(child);
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
      if (result == END) {
        entry = null;
        return END;
      }
      own.show(child.found());
      mapper.map(child, mapped);
      standOn(own);
      return ENTRY;
    } catch (Throwable e) {
      failed(e);
      throw e;
    }
  }
}
