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

  /// The entry below that this one shows, maybe with another value.
  @Nullable Entry shown;

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

  /// The same, of an entry below that is shown with another value.
  void show(Entry below) {
    key(below.keySegment, below.keyOffset, below.keyLength);
    value(below.valueSegment, below.valueOffset, below.valueLength);
    sequence = below.sequence;
    kind = below.kind;
    if (shown != below) {
      shown = below;
    }
  }

  Retained retain() {
    Entry below = shown;
    if (below != null) {
      return retainShown(below);
    }
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

  private Retained retainShown(Entry below) {
    long from = valueOffset - below.valueOffset;
    boolean within =
        valueSegment == below.valueSegment && from >= 0 && from + valueLength <= below.valueLength;
    Retained kept = below.retain();
    try {
      Bytes value =
          within
              ? kept.value().slice(from, valueLength)
              : Bytes.copyOf(valueSegment.asSlice(valueOffset, valueLength));
      kept.value().close();
      return new Retained(kept.key(), value);
    } catch (Throwable e) {
      kept.close();
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
