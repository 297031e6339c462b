package io.ringwell.pipe;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.ringwell.memory.CopyCounter;
import java.lang.foreign.MemorySegment;

/// A read of `int`s. From an [ElementReader].
public final class IntRead extends ElementRead {
  IntRead(PipeRead read) {
    super(read, Integer.BYTES);
  }

  /// Element `index` of the fragment at hand.
  ///
  /// @throws IndexOutOfBoundsException where the fragment has no such element
  public int get(long index) {
    return memory().get(JAVA_INT_UNALIGNED, at(index));
  }

  /// Copies `count` elements of the fragment at hand from `index` on to `to` from `start` on. A
  /// copy, which [CopyCounter] counts.
  ///
  /// @throws IndexOutOfBoundsException where the fragment or the array has not so many
  public void getAll(long index, int[] to, int start, int count) {
    MemorySegment.copy(memory(), JAVA_INT_UNALIGNED, at(index, count), to, start, count);
    CopyCounter.add((long) count * Integer.BYTES);
  }
}
