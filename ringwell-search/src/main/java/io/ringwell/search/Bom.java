package io.ringwell.search;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Byte order marks, by which a file says how it is encoded.
final class Bom {
  private Bom() {}

  /// The bytes of UTF-8's mark at the start of `head`: 3, or 0 without one.
  static int utf8(MemorySegment head) {
    boolean marked =
        head.byteSize() >= 3 && at(head, 0) == 0xef && at(head, 1) == 0xbb && at(head, 2) == 0xbf;
    return marked ? 3 : 0;
  }

  /// Whether `head` starts with any mark.
  static boolean any(MemorySegment head) {
    return utf8(head) > 0 || utf16(head);
  }

  /// Whether `head` starts with a mark of UTF-16, of either order.
  static boolean utf16(MemorySegment head) {
    if (head.byteSize() < 2) {
      return false;
    }
    int mark = at(head, 0) << 8 | at(head, 1);
    return mark == 0xfeff || mark == 0xfffe;
  }

  private static int at(MemorySegment head, int i) {
    return head.get(ValueLayout.JAVA_BYTE, i) & 0xff;
  }
}
