package io.ringwell.kv;

import java.io.IOException;

/// Calls the step of an iterator of unknown kind. All kinds but the last are final, so that each
/// rung is a comparison and a static call that can be inlined, where a virtual call that has met
/// three kinds cannot. The order is that of how often they are at the bottom.
final class Ladder {
  private Ladder() {}

  static int poll(KvIterator iterator) throws IOException {
    return ((CustomIterator) iterator).poll();
  }

  static int pollPrevious(KvIterator iterator) throws IOException {
    return ((CustomIterator) iterator).pollPrevious();
  }
}
