package io.ringwell.window;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.ringwell.memory.CopyCounter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Objects;

/// A claim as elements of type `int`, 4 bytes each. From [WriteClaim#asInts], and valid as long as
/// its claim is open. Nothing is allocated but the view itself.
public final class IntClaim extends ClaimView {
  IntClaim(WriteClaim claim, ByteOrder order) {
    super(claim, order, Integer.BYTES);
  }

  /// Sets element `index`.
  ///
  /// @throws IndexOutOfBoundsException where there is no such element
  /// @throws IllegalStateException where the claim is not open
  public void put(long index, int value) {
    memory().set(JAVA_INT_UNALIGNED, at(index), swapped ? Integer.reverseBytes(value) : value);
  }

  /// What element `index` holds: what was put there, or whatever the memory held before.
  public int get(long index) {
    int value = memory().get(JAVA_INT_UNALIGNED, at(index));
    return swapped ? Integer.reverseBytes(value) : value;
  }

  /// Sets `count` elements from `index` on to those of `from` from `start` on. A copy, which
  /// [CopyCounter] counts.
  public void putAll(long index, int[] from, int start, int count) {
    Objects.checkFromIndexSize(index, count, size());
    long at = index * Integer.BYTES;
    MemorySegment.copy(from, start, memory(), JAVA_INT_UNALIGNED.withOrder(order()), at, count);
    CopyCounter.add((long) count * Integer.BYTES);
  }
}
