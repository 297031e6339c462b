package io.ringwell.window;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.ringwell.memory.CopyCounter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Objects;

/// A claim as elements of type `float`, 4 bytes each. From [WriteClaim#asFloats], and valid as long
/// as its claim is open. Nothing is allocated but the view itself.
public final class FloatClaim extends ClaimView {
  FloatClaim(WriteClaim claim, ByteOrder order) {
    super(claim, order, Float.BYTES);
  }

  /// Sets element `index`.
  ///
  /// @throws IndexOutOfBoundsException where there is no such element
  /// @throws IllegalStateException where the claim is not open
  public void put(long index, float value) {
    int bits = Float.floatToRawIntBits(value);
    memory().set(JAVA_INT_UNALIGNED, at(index), swapped ? Integer.reverseBytes(bits) : bits);
  }

  /// What element `index` holds: what was put there, or whatever the memory held before.
  public float get(long index) {
    int bits = memory().get(JAVA_INT_UNALIGNED, at(index));
    return Float.intBitsToFloat(swapped ? Integer.reverseBytes(bits) : bits);
  }

  /// Sets `count` elements from `index` on to those of `from` from `start` on. A copy, which
  /// [CopyCounter] counts.
  public void putAll(long index, float[] from, int start, int count) {
    Objects.checkFromIndexSize(index, count, size());
    long at = index * Float.BYTES;
    MemorySegment.copy(from, start, memory(), JAVA_FLOAT_UNALIGNED.withOrder(order()), at, count);
    CopyCounter.add((long) count * Float.BYTES);
  }
}
