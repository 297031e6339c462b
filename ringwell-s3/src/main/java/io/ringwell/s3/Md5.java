package io.ringwell.s3;

import io.ringwell.memory.BytesChain;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// What entity tags are made of, and what stores check that know no CRC.
final class Md5 {
  private Md5() {}

  /// Of nothing so far.
  static MessageDigest start() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has MD5", e);
    }
  }

  /// Of all fragments, read where they are.
  static byte[] of(BytesChain bytes) {
    MessageDigest md5 = start();
    Fragments.each(bytes, md5::update);
    return md5.digest();
  }

  /// In base 64.
  static String text(BytesChain bytes) {
    return Base64.getEncoder().encodeToString(of(bytes));
  }
}
