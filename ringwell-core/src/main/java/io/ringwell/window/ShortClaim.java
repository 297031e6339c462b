package io.ringwell.window;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.ringwell.memory.CopyCounter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Objects;

/// A claim as elements of type `short`, 2 bytes each. From [WriteClaim#asShorts], and valid as long
/// as its claim is open. Nothing is allocated but the view itself.
public final class ShortClaim extends ClaimView {
  ShortClaim(WriteClaim claim, ByteOrder order) {
    super(claim, order, Short.BYTES);
  }

  /// Sets element `index`.
  ///
  /// @throws IndexOutOfBoundsException where there is no such element
  /// @throws IllegalStateException where the claim is not open
  public void put(long index, short value) {
    memory().set(JAVA_SHORT_UNALIGNED, at(index), swapped ? Short.reverseBytes(value) : value);
  }

  /// What element `index` holds: what was put there, or whatever the memory held before.
  public short get(long index) {
    short value = memory().get(JAVA_SHORT_UNALIGNED, at(index));
    return swapped ? Short.reverseBytes(value) : value;
  }

  /// Sets `count` elements from `index` on to those of `from` from `start` on. A copy, which
  /// [CopyCounter] counts.
  public void putAll(long index, short[] from, int start, int count) {
    Objects.checkFromIndexSize(index, count, size());
    long at = index * Short.BYTES;
    MemorySegment.copy(from, start, memory(), JAVA_SHORT_UNALIGNED.withOrder(order()), at, count);
    CopyCounter.add((long) count * Short.BYTES);
  }
}
