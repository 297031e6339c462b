package io.ringwell.pipe;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import io.ringwell.memory.CopyCounter;
import java.lang.foreign.MemorySegment;

/// A read of `float`s. From an [ElementReader].
public final class FloatRead extends ElementRead {
  FloatRead(PipeRead read) {
    super(read, Float.BYTES);
  }

  /// Element `index` of the fragment at hand.
  ///
  /// @throws IndexOutOfBoundsException where the fragment has no such element
  public float get(long index) {
    return memory().get(JAVA_FLOAT_UNALIGNED, at(index));
  }

  /// Copies `count` elements of the fragment at hand from `index` on to `to` from `start` on. A
  /// copy, which [CopyCounter] counts.
  ///
  /// @throws IndexOutOfBoundsException where the fragment or the array has not so many
  public void getAll(long index, float[] to, int start, int count) {
    MemorySegment.copy(memory(), JAVA_FLOAT_UNALIGNED, at(index, count), to, start, count);
    CopyCounter.add((long) count * Float.BYTES);
  }
}
