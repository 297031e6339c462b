package io.ringwell.window;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Objects;

/// The memory of a claim as elements of one type, in a byte order of the caller's choosing.
///
/// Views share the claim's memory and its rules: as long as the claim is open, by the thread that
/// fills it; afterwards every access throws `IllegalStateException`. Bytes at the end of the claim
/// that make no whole element belong to none. Elements need no alignment in the file.
abstract sealed class ClaimView
    permits IntClaim, LongClaim, FloatClaim, DoubleClaim, ShortClaim, CharClaim {
  private final WriteClaim claim;
  private final ByteOrder order;

  /// Binary logarithm of an element's bytes.
  private final int shift;

  /// Whether elements have the other order than this machine.
  final boolean swapped;

  ClaimView(WriteClaim claim, ByteOrder order, int elementBytes) {
    this.claim = claim;
    this.order = Objects.requireNonNull(order, "order");
    this.shift = Integer.numberOfTrailingZeros(elementBytes);
    this.swapped = order != ByteOrder.nativeOrder();
    claim.segment();
  }

  final MemorySegment memory() {
    return claim.segment();
  }

  /// Where an element begins. `getAtIndex` would let a large index wrap around.
  final long at(long index) {
    return Objects.checkIndex(index, size()) << shift;
  }

  /// The claim itself.
  public final WriteClaim claim() {
    return claim;
  }

  public final ByteOrder order() {
    return order;
  }

  /// How many elements there are.
  ///
  /// @throws IllegalStateException where the claim is not open
  public final long size() {
    return claim.segment().byteSize() >>> shift;
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[" + order + " of " + claim + "]";
  }
}
