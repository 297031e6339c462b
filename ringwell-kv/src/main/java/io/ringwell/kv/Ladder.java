package io.ringwell.kv;

import java.io.IOException;

/// Calls the step of an iterator of unknown kind. Each rung is a comparison of classes and a static
/// call that can be inlined, where a virtual call that has met three kinds cannot. Those that are
/// at the bottom come first: they are asked for in every step.
final class Ladder {
  private Ladder() {}

  static int poll(KvIterator iterator) throws IOException {
    if (iterator instanceof TestIterator it) {
      return it.poll();
    } else if (iterator instanceof CustomIterator it) {
      return it.poll();
    } else {
      return pollComposed(iterator);
    }
  }

  private static int pollComposed(KvIterator iterator) throws IOException {
    if (iterator instanceof ConcatIterator it) {
      return it.poll();
    } else if (iterator instanceof MergeIterator it) {
      return it.poll();
    } else if (iterator instanceof BoundedIterator it) {
      return it.poll();
    } else if (iterator instanceof FilterIterator it) {
      return it.poll();
    } else {
      return ((MapIterator) iterator).poll();
    }
  }

  static int pollPrevious(KvIterator iterator) throws IOException {
    if (iterator instanceof TestIterator it) {
      return it.pollPrevious();
    } else if (iterator instanceof CustomIterator it) {
      return it.pollPrevious();
    } else {
      return pollPreviousComposed(iterator);
    }
  }

  private static int pollPreviousComposed(KvIterator iterator) throws IOException {
    if (iterator instanceof ConcatIterator it) {
      return it.pollPrevious();
    } else if (iterator instanceof MergeIterator it) {
      return it.pollPrevious();
    } else if (iterator instanceof BoundedIterator it) {
      return it.pollPrevious();
    } else if (iterator instanceof FilterIterator it) {
      return it.pollPrevious();
    } else {
      return ((MapIterator) iterator).pollPrevious();
    }
  }

  /// In the direction told, [StepState#FORWARD] or [StepState#BACKWARD].
  static int poll(KvIterator iterator, int direction) throws IOException {
    return direction == StepState.FORWARD ? poll(iterator) : pollPrevious(iterator);
  }
}
