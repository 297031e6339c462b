package io.ringwell.window;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A [Window] as `char`s, on the same memory, in a byte order of the caller's.
///
/// Element 0 begins where the window begins, at a position of the file that is a multiple of 2:
/// whole elements of a file that has nothing else lie in one window each. What is left of an
/// element that the file's end cuts off does not count. Valid, and for the thread, as the window
/// is; made once for each window object.
public final class CharWindow {
  private static final ValueLayout.OfChar NATIVE =
      ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.nativeOrder());

  private final Window window;
  private boolean swapped;

  CharWindow(Window window) {
    this.window = window;
  }

  CharWindow of(ByteOrder order) {
    swapped = order != ByteOrder.nativeOrder();
    return this;
  }

  /// Whole elements in the window.
  public long size() {
    return window.length() / Character.BYTES;
  }

  /// The element at `index`.
  ///
  /// @throws IndexOutOfBoundsException where `index` is negative or not less than [#size]
  public char get(long index) {
    MemorySegment memory = window.element(index, Character.BYTES);
    char value = memory.get(NATIVE, window.baseOffset() + index * Character.BYTES);
    return swapped ? Character.reverseBytes(value) : value;
  }
}
