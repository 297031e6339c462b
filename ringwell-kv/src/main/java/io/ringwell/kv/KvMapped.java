package io.ringwell.kv;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// Where a [KvMapper] tells the value that it made. Good during the call that it is given to.
public final class KvMapped {
  private final Entry entry;

  KvMapped(Entry entry) {
    this.entry = entry;
  }

  /// The value is `length` bytes from `offset` on of `segment`, which may be a part of what the
  /// value was: then [KvIterator#retain] shares it as before, and else it copies it.
  ///
  /// @throws IndexOutOfBoundsException if that is not within the segment
  public void value(MemorySegment segment, long offset, int length) {
    Objects.checkFromIndexSize(offset, length, segment.byteSize());
    entry.value(segment, offset, length);
  }
}
