package io.ringwell.pipe;

import java.util.Objects;

/// What a read of an [ObjectReader] has given: the objects from number [#start] to [#end], counted
/// from the pipe's first. Otherwise as [PipeRead].
///
/// @param <T> what they are
public final class ObjectRead<T> {
  private final ReadSide side;
  private Segment segment;

  ObjectRead(ReadSide side) {
    this.side = side;
    this.segment = side.head();
  }

  ObjectRead<T> begin() {
    segment = side.head();
    return this;
  }

  public long start() {
    return side.start();
  }

  public long end() {
    return side.end();
  }

  public long size() {
    return side.end() - side.start();
  }

  public boolean isEmpty() {
    return size() == 0;
  }

  /// See [PipeRead#isCompleted].
  public boolean isCompleted() {
    return side.isCompleted();
  }

  /// See [PipeRead#isCancelled].
  public boolean isCancelled() {
    return side.isCancelled();
  }

  /// See [PipeRead#isFull].
  public boolean isFull() {
    return side.wasFull();
  }

  /// Object `number`. Fast in order.
  ///
  /// @throws IndexOutOfBoundsException where the read does not have it
  @SuppressWarnings("unchecked") // the writer of the same pipe put it there
  public T get(long number) {
    side.checkReading();
    if (number < start() || number >= end()) {
      throw new IndexOutOfBoundsException(
          "object %d of a read from %d to %d".formatted(number, start(), end()));
    }
    if (number < segment.start) {
      segment = side.head();
    }
    while (number >= segment.end()) {
      segment = Objects.requireNonNull(segment.next);
    }
    Object object = Objects.requireNonNull(segment.objects)[(int) (number - segment.start)];
    return (T) Objects.requireNonNull(object);
  }

  /// See [PipeRead#advance(long)].
  public void advance(long consumed) {
    side.advance(consumed, consumed);
  }

  /// See [PipeRead#advance(long, long)].
  public void advance(long consumed, long examined) {
    side.advance(consumed, examined);
  }

  @Override
  public String toString() {
    return "ObjectRead[" + start() + " to " + end() + "]";
  }
}
