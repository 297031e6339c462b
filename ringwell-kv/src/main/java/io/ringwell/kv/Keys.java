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
    for (; at < common; at++) {
      int x = a.get(ValueLayout.JAVA_BYTE, aOffset + at) & 0xFF;
      int y = b.get(ValueLayout.JAVA_BYTE, bOffset + at) & 0xFF;
      if (x != y) {
        return x - y;
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
    return (a.get(ValueLayout.JAVA_BYTE, aOffset + at) & 0xFF)
        - (b.get(ValueLayout.JAVA_BYTE, bOffset + at) & 0xFF);
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
