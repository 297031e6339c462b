package io.ringwell.s3;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/// A part that the store has.
///
/// @param number from 1 on
/// @param etag as the store gave it
/// @param size in bytes
record SentPart(int number, String etag, long crc, long size) {
  private static final int MD5_DIGITS = 32;

  /// The CRC of all of them, one after the other.
  static long crcOf(Crc kind, List<SentPart> parts) {
    long crc = 0;
    for (SentPart part : parts) {
      crc = kind.combine(crc, part.crc, part.size);
    }
    return crc;
  }

  /// The entity tag that S3 makes of those of the parts; empty where they are no MD5s.
  static String etagOf(List<SentPart> parts) {
    MessageDigest md5 = Md5.start();
    for (SentPart part : parts) {
      String digits = part.etag.replace("\"", "");
      if (digits.length() != MD5_DIGITS || !digits.chars().allMatch(HexFormat::isHexDigit)) {
        return "";
      }
      md5.update(HexFormat.of().parseHex(digits));
    }
    return HexFormat.of().formatHex(md5.digest()) + "-" + parts.size();
  }
}
