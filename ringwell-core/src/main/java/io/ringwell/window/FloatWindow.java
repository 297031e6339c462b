package io.ringwell.window;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A [Window] as `float`s, on the same memory, in a byte order of the caller's.
///
/// Element 0 begins where the window begins, at a position of the file that is a multiple of 4:
/// whole elements of a file that has nothing else lie in one window each. What is left of an
/// element that the file's end cuts off does not count. Valid, and for the thread, as the window
/// is; made once for each window object.
public final class FloatWindow {
  private static final ValueLayout.OfInt NATIVE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.nativeOrder());

  private final Window window;
  private boolean swapped;

  FloatWindow(Window window) {
    this.window = window;
  }

  FloatWindow of(ByteOrder order) {
    swapped = order != ByteOrder.nativeOrder();
    return this;
  }

  /// Whole elements in the window.
  public long size() {
    return window.length() / Float.BYTES;
  }

  /// The element at `index`.
  ///
  /// @throws IndexOutOfBoundsException where `index` is negative or not less than [#size]
  public float get(long index) {
    MemorySegment memory = window.element(index, Float.BYTES);
    int bits = memory.get(NATIVE, window.baseOffset() + index * Float.BYTES);
    return Float.intBitsToFloat(swapped ? Integer.reverseBytes(bits) : bits);
  }
}
