package io.ringwell.kv;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletionStage;

/// An iterator that shows another one differently: it owns that one, goes where it goes, waits for
/// what it waits for. Only the step is each kind's own, so that the compiler sees it.
abstract sealed class ViewIterator extends KvIterator
    permits BoundedIterator, FilterIterator, MapIterator {
  final KvIterator child;

  ViewIterator(KvIterator child) {
    this.child = child;
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
  final CompletionStage<Void> readiness() {
    return child.ready();
  }

  @Override
  final void park() throws IOException {
    child.await();
  }

  @Override
  final void release() {
    child.close();
  }
}
