package io.ringwell.pipe;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.ringwell.memory.CopyCounter;
import java.lang.foreign.MemorySegment;

/// Writes `int`s, 4 bytes each, in native byte order. From [TypedPipe].
public final class IntWriter extends ElementWriter {
  IntWriter(PipeWriter writer) {
    super(writer, Integer.BYTES);
  }

  /// Sets element `index` of the window.
  ///
  /// @throws IndexOutOfBoundsException where the window has no such element
  public void put(long index, int value) {
    memory().set(JAVA_INT_UNALIGNED, at(index), value);
  }

  /// Sets `count` elements of the window from `index` on to those of `from` from `start` on. A
  /// copy, which [CopyCounter] counts.
  ///
  /// @throws IndexOutOfBoundsException where the window or the array has not so many
  public void putAll(long index, int[] from, int start, int count) {
    MemorySegment.copy(from, start, memory(), JAVA_INT_UNALIGNED, at(index, count), count);
    CopyCounter.add((long) count * Integer.BYTES);
  }
}
