package io.ringwell.pipe;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;

import io.ringwell.memory.CopyCounter;
import java.lang.foreign.MemorySegment;

/// A read of `double`s. From an [ElementReader].
public final class DoubleRead extends ElementRead {
  DoubleRead(PipeRead read) {
    super(read, Double.BYTES);
  }

  /// Element `index` of the fragment at hand.
  ///
  /// @throws IndexOutOfBoundsException where the fragment has no such element
  public double get(long index) {
    return memory().get(JAVA_DOUBLE_UNALIGNED, at(index));
  }

  /// Copies `count` elements of the fragment at hand from `index` on to `to` from `start` on. A
  /// copy, which [CopyCounter] counts.
  ///
  /// @throws IndexOutOfBoundsException where the fragment or the array has not so many
  public void getAll(long index, double[] to, int start, int count) {
    MemorySegment.copy(memory(), JAVA_DOUBLE_UNALIGNED, at(index, count), to, start, count);
    CopyCounter.add((long) count * Double.BYTES);
  }
}
