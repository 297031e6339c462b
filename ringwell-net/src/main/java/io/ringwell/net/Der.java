package io.ringwell.net;

import java.util.Arrays;

/// As much of DER (X.690) as it takes to put an old private key into the envelope of a new one.
final class Der {
  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int SEQUENCE = 0x30;

  /// Of SEC 1, C.4: the curve's name, beside the key.
  private static final int PARAMETERS = 0xA0;

  private Der() {}

  /// RFC 5208, 5: version 0, algorithm, key.
  static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return sequence(element(INTEGER, new byte[1]), algorithm, element(OCTETS, key));
  }

  static byte[] sequence(byte[]... parts) {
    int length = 0;
    for (byte[] each : parts) {
      length += each.length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] each : parts) {
      System.arraycopy(each, 0, all, at, each.length);
      at += each.length;
    }
    return element(SEQUENCE, all);
  }

  private static byte[] element(int tag, byte[] content) {
    int length = content.length;
    byte[] head =
        length < 0x80
            ? new byte[] {(byte) tag, (byte) length}
            : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    byte[] all = Arrays.copyOf(head, head.length + length);
    System.arraycopy(content, 0, all, head.length, length);
    return all;
  }

  /// What an EC key of SEC 1 says of its curve.
  ///
  /// @throws IndexOutOfBoundsException if it says nothing, or is none
  static byte[] curve(byte[] key) {
    int at = contentOf(key, 0);
    while ((key[at] & 0xFF) != PARAMETERS) {
      at = contentOf(key, at) + lengthOf(key, at);
    }
    int from = contentOf(key, at);
    int to = from + lengthOf(key, at);
    if (to > key.length) {
      throw new IndexOutOfBoundsException("cut after " + key.length + " bytes");
    }
    return Arrays.copyOfRange(key, from, to);
  }

  private static int contentOf(byte[] der, int at) {
    int first = der[at + 1] & 0xFF;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7F);
  }

  private static int lengthOf(byte[] der, int at) {
    int first = der[at + 1] & 0xFF;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7F); i++) {
      length = (length << 8) + (der[at + 2 + i] & 0xFF);
    }
    if (length < 0) {
      throw new IndexOutOfBoundsException("a length of more than " + der.length);
    }
    return length;
  }
}
