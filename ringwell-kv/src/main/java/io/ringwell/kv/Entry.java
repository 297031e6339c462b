package io.ringwell.kv;

import io.ringwell.memory.Bytes;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Where the key and the value of an entry lie. An iterator that has memory of its own has one of
/// these and refills it; those above only point to it, so that nothing is copied on the way up.
///
/// References are written where they change only: a collector's barrier costs more than the test.
@SuppressWarnings("MemorySegmentReferenceEquality")
final class Entry {
  MemorySegment keySegment = MemorySegment.NULL;
  long keyOffset;
  int keyLength;

  MemorySegment valueSegment = MemorySegment.NULL;
  long valueOffset;
  int valueLength;

  long sequence;
  int kind = KvIterator.VALUE;

  /// Whose [Bytes#segment] the segments are; without, they are copied when they are retained.
  @Nullable Bytes keyBytes;

  @Nullable Bytes valueBytes;

  /// Whom [#retain] asks first; null for iterators that are not the user's.
  @Nullable CustomIterator maker;

  void key(MemorySegment segment, long offset, int length) {
    if (keySegment != segment) {
      keySegment = segment;
    }
    keyOffset = offset;
    keyLength = length;
  }

  void value(MemorySegment segment, long offset, int length) {
    if (valueSegment != segment) {
      valueSegment = segment;
    }
    valueOffset = offset;
    valueLength = length;
  }

  void owners(@Nullable Bytes key, @Nullable Bytes value) {
    if (keyBytes != key) {
      keyBytes = key;
    }
    if (valueBytes != value) {
      valueBytes = value;
    }
  }

  void set(Entry other) {
    key(other.keySegment, other.keyOffset, other.keyLength);
    value(other.valueSegment, other.valueOffset, other.valueLength);
    owners(other.keyBytes, other.valueBytes);
    sequence = other.sequence;
    kind = other.kind;
  }

  Retained retain() {
    Retained made = maker == null ? null : maker.retained();
    if (made != null) {
      return made;
    }
    Bytes key = handle(keyBytes, keySegment, keyOffset, keyLength);
    try {
      return new Retained(key, handle(valueBytes, valueSegment, valueOffset, valueLength));
    } catch (Throwable e) {
      key.close();
      throw e;
    }
  }

  private static Bytes handle(
      @Nullable Bytes owner, MemorySegment segment, long offset, int length) {
    return owner != null
        ? owner.slice(offset, length)
        : Bytes.copyOf(segment.asSlice(offset, length));
  }
}
