package io.ringwell.pipe;

import static java.lang.foreign.ValueLayout.JAVA_CHAR_UNALIGNED;

import io.ringwell.memory.CopyCounter;
import java.lang.foreign.MemorySegment;

/// Writes `char`s, 2 bytes each, in native byte order. From [TypedPipe].
public final class CharWriter extends ElementWriter {
  CharWriter(PipeWriter writer) {
    super(writer, Character.BYTES);
  }

  /// Sets element `index` of the window.
  ///
  /// @throws IndexOutOfBoundsException where the window has no such element
  public void put(long index, char value) {
    memory().set(JAVA_CHAR_UNALIGNED, at(index), value);
  }

  /// Sets `count` elements of the window from `index` on to those of `from` from `start` on. A
  /// copy, which [CopyCounter] counts.
  ///
  /// @throws IndexOutOfBoundsException where the window or the array has not so many
  public void putAll(long index, char[] from, int start, int count) {
    MemorySegment.copy(from, start, memory(), JAVA_CHAR_UNALIGNED, at(index, count), count);
    CopyCounter.add((long) count * Character.BYTES);
  }
}
