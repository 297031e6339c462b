package io.ringwell.kv;

import java.io.IOException;

/// Calls the step of an iterator of unknown kind. All kinds but the last are final, so that each
/// rung is a comparison and a static call that can be inlined, where a virtual call that has met
/// three kinds cannot. Those that are at the bottom come first.
final class Ladder {
  private Ladder() {}

  static int poll(KvIterator iterator) throws IOException {
    if (iterator instanceof TestIterator it) {
      return it.poll();
    } else if (iterator instanceof ConcatIterator it) {
      return it.poll();
    } else if (iterator instanceof MergeIterator it) {
      return it.poll();
    } else if (iterator instanceof BoundedIterator it) {
      return it.poll();
    } else if (iterator instanceof FilterIterator it) {
      return it.poll();
    } else if (iterator instanceof MapIterator it) {
      return it.poll();
    } else {
      return ((CustomIterator) iterator).poll();
    }
  }

  static int pollPrevious(KvIterator iterator) throws IOException {
    if (iterator instanceof TestIterator it) {
      return it.pollPrevious();
    } else if (iterator instanceof ConcatIterator it) {
      return it.pollPrevious();
    } else if (iterator instanceof MergeIterator it) {
      return it.pollPrevious();
    } else if (iterator instanceof BoundedIterator it) {
      return it.pollPrevious();
    } else if (iterator instanceof FilterIterator it) {
      return it.pollPrevious();
    } else if (iterator instanceof MapIterator it) {
      return it.pollPrevious();
    } else {
      return ((CustomIterator) iterator).pollPrevious();
    }
  }

  /// In the direction told, [StepState#FORWARD] or [StepState#BACKWARD].
  static int poll(KvIterator iterator, int direction) throws IOException {
    return direction == StepState.FORWARD ? poll(iterator) : pollPrevious(iterator);
  }
}
