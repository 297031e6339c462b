package io.ringwell.window;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.ringwell.memory.CopyCounter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Objects;

/// A claim as elements of type `double`, 8 bytes each. From [WriteClaim#asDoubles], and valid as
/// long as its claim is open. Nothing is allocated but the view itself.
public final class DoubleClaim extends ClaimView {
  DoubleClaim(WriteClaim claim, ByteOrder order) {
    super(claim, order, Double.BYTES);
  }

  /// Sets element `index`.
  ///
  /// @throws IndexOutOfBoundsException where there is no such element
  /// @throws IllegalStateException where the claim is not open
  public void put(long index, double value) {
    long bits = Double.doubleToRawLongBits(value);
    memory().set(JAVA_LONG_UNALIGNED, at(index), swapped ? Long.reverseBytes(bits) : bits);
  }

  /// What element `index` holds: what was put there, or whatever the memory held before.
  public double get(long index) {
    long bits = memory().get(JAVA_LONG_UNALIGNED, at(index));
    return Double.longBitsToDouble(swapped ? Long.reverseBytes(bits) : bits);
  }

  /// Sets `count` elements from `index` on to those of `from` from `start` on. A copy, which
  /// [CopyCounter] counts.
  public void putAll(long index, double[] from, int start, int count) {
    Objects.checkFromIndexSize(index, count, size());
    long at = index * Double.BYTES;
    MemorySegment.copy(from, start, memory(), JAVA_DOUBLE_UNALIGNED.withOrder(order()), at, count);
    CopyCounter.add((long) count * Double.BYTES);
  }
}
