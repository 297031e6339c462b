package io.ringwell.search;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/// A path as the system has it: bytes, of no charset. `java.nio.file` could not say some of them.
///
/// Immutable: nobody writes into the bytes.
final class FileName {
  private static final Charset SYSTEM = systemCharset();

  private static Charset systemCharset() {
    String name = System.getProperty("sun.jnu.encoding", "UTF-8");
    return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
  }

  private final byte[] bytes;

  /// @param bytes without a zero
  FileName(byte[] bytes) {
    this.bytes = bytes;
  }

  byte[] bytes() {
    return bytes;
  }

  static FileName of(String path) {
    return new FileName(path.getBytes(SYSTEM));
  }

  /// An entry of this directory.
  FileName child(byte[] name) {
    int length = bytes.length;
    int slash = length > 0 && bytes[length - 1] == '/' ? 0 : 1;
    byte[] joined = Arrays.copyOf(bytes, length + slash + name.length);
    joined[length] = '/';
    System.arraycopy(name, 0, joined, length + slash, name.length);
    return new FileName(joined);
  }

  /// For rules: the characters of UTF-8, what is none as U+FFFD.
  String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  FileName child(String name) {
    return child(name.getBytes(StandardCharsets.US_ASCII));
  }

  boolean isAscii() {
    for (byte one : bytes) {
      if (one < 0) {
        return false;
      }
    }
    return true;
  }

  /// Without the first bytes, if there are more.
  FileName without(int first) {
    return first == 0 || first >= bytes.length
        ? this
        : new FileName(Arrays.copyOfRange(bytes, first, bytes.length));
  }

  /// Whether the JDK can say it.
  boolean isSayable() {
    return isAscii() || of(toString()).equals(this);
  }

  /// For the JDK. Another path than this where it is not [#isSayable].
  Path path() {
    return Path.of(toString());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileName name && Arrays.equals(bytes, name.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return new String(bytes, SYSTEM);
  }
}
