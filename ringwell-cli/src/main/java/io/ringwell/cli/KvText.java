package io.ringwell.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/// Keys as arguments and as input: text, or hex.
final class KvText {
  private KvText() {}

  /// The bytes that an argument means.
  ///
  /// @param what it is for messages, such as `--from`
  static byte[] bytes(String what, String text, boolean hex) {
    if (!hex) {
      return text.getBytes(UTF_8);
    }
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          what + ": '" + text + "' is not hex; write two digits for each byte, or leave --hex away",
          e);
    }
  }

  /// The same as a segment.
  static MemorySegment segment(String what, String text, boolean hex) {
    return MemorySegment.ofArray(bytes(what, text, hex));
  }
}
