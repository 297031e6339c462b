package io.ringwell.search;

import java.util.Arrays;

/// Bytes to look for. Of those that `fold` marks with [#CASE_BIT], upper and lower case of ASCII
/// are the same; `bytes` has the lower. Immutable: nobody writes into the arrays.
final class Needle {
  /// What tells an upper-case letter of ASCII from a lower-case one.
  static final byte CASE_BIT = 0x20;

  // How often each byte value is met, from 00 to ff: its rank in 254 MB of sources, headers and
  // documents in several languages.
  private static final String RANKS =
      "001401020304151b18d2f5161e1d0513060708090a0b1a0c190d0e1c0f101117"
          + "ff9fdcc8ada4a8c4e2e3e1a5e5d7e0e9ecd6d0c2bdc1bcb9bbbecfc3d1cbd598"
          + "a6e6bfdfcdeac6c0b7e4a3b3ddcadedad4a1dbebe8c5b4acbaafa0b6b8b59bf6"
          + "b2f8d8f3f2feede7eefaaed3f4effcf9f1a9f7fbfdf0cec9ccd9abb1a7b0aa12"
          + "969495906f594c6664514e616258445e55524649975d694b635c534a7157507e"
          + "9e85475a88735f5b677b566a606b4f548d79706d7f89656c92758384878c8e72"
          + "34419d9981772e372c422d313f2f937ca29a3e353c2a33744d4529c728242b26"
          + "8a8b9c917a8f82787d764880866e394368323b3a30234022362027213d38251f";

  private static final int[] RANK = new int[256];

  static {
    for (int i = 0; i < RANK.length; i++) {
      RANK[i] = Integer.parseInt(RANKS, 2 * i, 2 * i + 2, 16);
    }
  }

  private final byte[] bytes;
  private final byte[] fold;

  /// @param bytes at least one
  /// @param fold as long: 0 or [#CASE_BIT]
  Needle(byte[] bytes, byte[] fold) {
    this.bytes = bytes;
    this.fold = fold;
  }

  byte[] bytes() {
    return bytes;
  }

  byte[] fold() {
    return fold;
  }

  int length() {
    return bytes.length;
  }

  boolean folds(int i) {
    return fold[i] != 0;
  }

  /// The byte at `i`, or its other case.
  byte other(int i) {
    return (byte) (bytes[i] ^ fold[i]);
  }

  /// How common the byte at `i` is, both cases of it: 0 is the rarest.
  int rank(int i) {
    int rank = RANK[bytes[i] & 0xff];
    return folds(i) ? Math.max(rank, RANK[other(i) & 0xff]) : rank;
  }

  /// The place of the rarest byte that is not at `except`.
  int rarest(int except) {
    int best = -1;
    for (int i = 0; i < length(); i++) {
      if (i != except && (best < 0 || rank(i) < rank(best))) {
        best = i;
      }
    }
    return best < 0 ? except : best;
  }

  /// The higher, the less of an ordinary text it stops at.
  int worth() {
    int rarest = rarest(-1);
    int second = rarest(rarest);
    int worth = 256 - rank(rarest);
    return second == rarest ? worth : worth + (256 - rank(second)) / 2 + Math.min(length(), 16);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Needle needle
        && Arrays.equals(bytes, needle.bytes)
        && Arrays.equals(fold, needle.fold);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(bytes) + Arrays.hashCode(fold);
  }
}
