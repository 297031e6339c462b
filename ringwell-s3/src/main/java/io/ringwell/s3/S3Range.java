package io.ringwell.s3;

/// A part of an object.
///
/// @param position of its first byte
/// @param length in bytes
public record S3Range(long position, long length) {
  /// @throws IllegalArgumentException where one is negative, or the end is no `long`
  public S3Range {
    if (position < 0 || length < 0 || position > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException("no range: " + length + " bytes at " + position);
    }
  }

  long end() {
    return position + length;
  }
}
