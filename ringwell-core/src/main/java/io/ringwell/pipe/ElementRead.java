package io.ringwell.pipe;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// What a read of an [ElementReader] has given. It is a [PipeRead] that counts elements: see there
/// for what it means and how long it is valid.
public abstract sealed class ElementRead
    permits IntRead, LongRead, FloatRead, DoubleRead, CharRead, ShortRead {
  private final PipeRead read;
  private final int shift;

  ElementRead(PipeRead read, int elementBytes) {
    this.read = read;
    this.shift = Integer.numberOfTrailingZeros(elementBytes);
  }

  final int shift() {
    return shift;
  }

  /// Number of the first element, counted from the pipe's first.
  public final long start() {
    return read.start() >> shift;
  }

  /// Number behind the last element.
  public final long end() {
    return read.end() >> shift;
  }

  /// How many elements.
  public final long size() {
    return read.size() >> shift;
  }

  public final boolean isEmpty() {
    return read.isEmpty();
  }

  /// See [PipeRead#isCompleted].
  public final boolean isCompleted() {
    return read.isCompleted();
  }

  /// See [PipeRead#isCancelled].
  public final boolean isCancelled() {
    return read.isCancelled();
  }

  /// See [PipeRead#isFull].
  public final boolean isFull() {
    return read.isFull();
  }

  /// How many elements the fragment at hand has: those with index 0 to that.
  public final long length() {
    return read.length() >> shift;
  }

  /// Number of the first element of the fragment at hand.
  public final long fragmentStart() {
    return read.fragmentStart() >> shift;
  }

  /// See [PipeRead#nextFragment].
  public final boolean nextFragment() {
    return read.nextFragment();
  }

  /// See [PipeRead#rewind].
  public final void rewind() {
    read.rewind();
  }

  /// The elements of the fragment at hand, as memory in native byte order.
  public final MemorySegment window() {
    return read.window();
  }

  final MemorySegment memory() {
    return read.memory();
  }

  /// Where element `index` of the fragment lies.
  final long at(long index) {
    return read.position() + (Objects.checkIndex(index, length()) << shift);
  }

  /// Where `count` elements from `index` on lie.
  final long at(long index, long count) {
    return read.position() + (Objects.checkFromIndexSize(index, count, length()) << shift);
  }

  /// Ends the read; see [PipeRead#advance(long)].
  public final void advance(long consumed) {
    advance(consumed, consumed);
  }

  /// Ends the read; see [PipeRead#advance(long, long)].
  public final void advance(long consumed, long examined) {
    read.advance(bytes(consumed), bytes(examined));
  }

  /// Beyond the end means the end, however far.
  private long bytes(long number) {
    return ElementWriter.bytes(Math.min(number, end()), shift);
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + "[" + start() + " to " + end() + "]";
  }
}
