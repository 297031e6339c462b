package io.ringwell.kv.table;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The byte buffer of the segment that was asked for last, for calls that know no segments: nothing
/// is allocated while blocks come from the same one, such as a window.
///
/// Keeps that segment and its buffer reachable. One thread at a time.
final class BufferView {
  private @Nullable MemorySegment segment;
  private @Nullable ByteBuffer buffer;

  /// The bytes from `offset` on, as the position and limit of a buffer that is good until the next
  /// call.
  ///
  /// @throws IndexOutOfBoundsException if they are not all in the segment
  /// @throws IllegalStateException if the memory is gone
  @SuppressWarnings(
      "MemorySegmentReferenceEquality") // Equal ones may have other lengths and scopes.
  ByteBuffer of(MemorySegment asked, long offset, int length) {
    Objects.checkFromIndexSize(offset, length, asked.byteSize());
    ByteBuffer known = buffer;
    if (known == null || asked != segment) {
      if (asked.byteSize() > Integer.MAX_VALUE) {
        return asked.asSlice(offset, length).asByteBuffer();
      }
      known = asked.asByteBuffer();
      segment = asked;
      buffer = known;
    } else if (!asked.scope().isAlive()) {
      // Native code that is handed the buffer would not look.
      throw new IllegalStateException("the memory of a block is gone");
    }
    return known.limit((int) (offset + length)).position((int) offset);
  }
}
