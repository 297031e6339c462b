package io.ringwell.window;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.ringwell.memory.CopyCounter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Objects;

/// A claim as elements of type `long`, 8 bytes each. From [WriteClaim#asLongs], and valid as long
/// as its claim is open. Nothing is allocated but the view itself.
public final class LongClaim extends ClaimView {
  LongClaim(WriteClaim claim, ByteOrder order) {
    super(claim, order, Long.BYTES);
  }

  /// Sets element `index`.
  ///
  /// @throws IndexOutOfBoundsException where there is no such element
  /// @throws IllegalStateException where the claim is not open
  public void put(long index, long value) {
    memory().set(JAVA_LONG_UNALIGNED, at(index), swapped ? Long.reverseBytes(value) : value);
  }

  /// What element `index` holds: what was put there, or whatever the memory held before.
  public long get(long index) {
    long value = memory().get(JAVA_LONG_UNALIGNED, at(index));
    return swapped ? Long.reverseBytes(value) : value;
  }

  /// Sets `count` elements from `index` on to those of `from` from `start` on. A copy, which
  /// [CopyCounter] counts.
  public void putAll(long index, long[] from, int start, int count) {
    Objects.checkFromIndexSize(index, count, size());
    long at = index * Long.BYTES;
    MemorySegment.copy(from, start, memory(), JAVA_LONG_UNALIGNED.withOrder(order()), at, count);
    CopyCounter.add((long) count * Long.BYTES);
  }
}
