package io.ringwell.kv;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// The order of keys: byte by byte, unsigned, a prefix before what it begins. It is RocksDB's and
/// LevelDB's default.
public final class Keys {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /// Up to here words are compared one by one; [MemorySegment#mismatch] has more to set up, and is
  /// faster on what is longer.
  private static final int WORDS_BYTES = 64;

  private static final int SHOWN_BYTES = 64;

  private Keys() {}

  /// Negative, zero or positive as key `a` is before, equal to, or after key `b`. Allocates
  /// nothing; copies nothing.
  ///
  /// @throws IndexOutOfBoundsException if a key is not within its segment
  public static int compare(
      MemorySegment a, long aOffset, int aLength, MemorySegment b, long bOffset, int bLength) {
    int common = Math.min(aLength, bLength);
    if (common > WORDS_BYTES) {
      return compareLong(a, aOffset, aLength, b, bOffset, bLength);
    }
    int at = 0;
    for (; at <= common - Long.BYTES; at += Long.BYTES) {
      long x = a.get(LONG, aOffset + at);
      long y = b.get(LONG, bOffset + at);
      if (x != y) {
        return Long.compareUnsigned(x, y);
      }
    }
    if (at < common && common >= Long.BYTES) {
      // The last word overlaps the one before it, of which it is known to be the same.
      long x = a.get(LONG, aOffset + common - Long.BYTES);
      long y = b.get(LONG, bOffset + common - Long.BYTES);
      return x != y ? Long.compareUnsigned(x, y) : aLength - bLength;
    }
    for (; at < common; at++) {
      int order = at(a, aOffset + at) - at(b, bOffset + at);
      if (order != 0) {
        return order;
      }
    }
    return aLength - bLength;
  }

  private static int compareLong(
      MemorySegment a, long aOffset, int aLength, MemorySegment b, long bOffset, int bLength) {
    long at = MemorySegment.mismatch(a, aOffset, aOffset + aLength, b, bOffset, bOffset + bLength);
    if (at < 0 || at >= Math.min(aLength, bLength)) {
      return aLength - bLength;
    }
    return at(a, aOffset + at) - at(b, bOffset + at);
  }

  /// The byte, 0 to 255.
  static int at(MemorySegment segment, long offset) {
    return segment.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
  }

  /// How many bytes two keys share from the first on, of which it is known that `known` are.
  static int shared(
      MemorySegment a,
      long aOffset,
      int aLength,
      MemorySegment b,
      long bOffset,
      int bLength,
      int known) {
    int common = Math.min(aLength, bLength);
    int at = known;
    for (; at <= common - Long.BYTES; at += Long.BYTES) {
      long differing = a.get(LONG, aOffset + at) ^ b.get(LONG, bOffset + at);
      if (differing != 0) {
        return at + Long.numberOfLeadingZeros(differing) / Byte.SIZE;
      }
    }
    if (at < common && common >= Long.BYTES) {
      int last = common - Long.BYTES;
      long differing = a.get(LONG, aOffset + last) ^ b.get(LONG, bOffset + last);
      return differing == 0 ? common : last + Long.numberOfLeadingZeros(differing) / Byte.SIZE;
    }
    while (at < common && at(a, aOffset + at) == at(b, bOffset + at)) {
      at++;
    }
    return at;
  }

  /// Whether two keys are the same.
  ///
  /// @throws IndexOutOfBoundsException if a key is not within its segment
  public static boolean equal(
      MemorySegment a, long aOffset, int aLength, MemorySegment b, long bOffset, int bLength) {
    return aLength == bLength && compare(a, aOffset, aLength, b, bOffset, bLength) == 0;
  }

  /// A key for a message: as text where it is printable, else in hex, and cut where it is long.
  public static String show(MemorySegment key, long offset, int length) {
    int shown = Math.min(length, SHOWN_BYTES);
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < shown; i++) {
      int c = key.get(ValueLayout.JAVA_BYTE, offset + i) & 0xFF;
      if (c < ' ' || c > '~') {
        return hex(key, offset, length, shown);
      }
      text.append((char) c);
    }
    return text.append('"').append(shown < length ? "..." : "").toString();
  }

  private static String hex(MemorySegment key, long offset, int length, int shown) {
    byte[] bytes = key.asSlice(offset, shown).toArray(ValueLayout.JAVA_BYTE);
    return "0x" + HexFormat.of().formatHex(bytes) + (shown < length ? "..." : "");
  }
}
