package io.ringwell.window;

import static java.lang.foreign.ValueLayout.JAVA_CHAR_UNALIGNED;

import io.ringwell.memory.CopyCounter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Objects;

/// A claim as elements of type `char`, 2 bytes each. From [WriteClaim#asChars], and valid as long
/// as its claim is open. Nothing is allocated but the view itself.
public final class CharClaim extends ClaimView {
  CharClaim(WriteClaim claim, ByteOrder order) {
    super(claim, order, Character.BYTES);
  }

  /// Sets element `index`.
  ///
  /// @throws IndexOutOfBoundsException where there is no such element
  /// @throws IllegalStateException where the claim is not open
  public void put(long index, char value) {
    memory().set(JAVA_CHAR_UNALIGNED, at(index), swapped ? Character.reverseBytes(value) : value);
  }

  /// What element `index` holds: what was put there, or whatever the memory held before.
  public char get(long index) {
    char value = memory().get(JAVA_CHAR_UNALIGNED, at(index));
    return swapped ? Character.reverseBytes(value) : value;
  }

  /// Sets `count` elements from `index` on to those of `from` from `start` on. A copy, which
  /// [CopyCounter] counts.
  public void putAll(long index, char[] from, int start, int count) {
    Objects.checkFromIndexSize(index, count, size());
    long at = index * Character.BYTES;
    MemorySegment.copy(from, start, memory(), JAVA_CHAR_UNALIGNED.withOrder(order()), at, count);
    CopyCounter.add((long) count * Character.BYTES);
  }
}
