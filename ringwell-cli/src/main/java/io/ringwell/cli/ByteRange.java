package io.ringwell.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A part of a file, written as HTTP does (RFC 9110, section 14.1): `A-B` is from A to B, both
/// included, `A-` from A to the end, `-N` the last N bytes.
///
/// @param first -1 where the last bytes are meant
/// @param last the last byte, [Long#MAX_VALUE] for the end; how many where `first` is -1
record ByteRange(long first, long last) {
  static final ByteRange ALL = new ByteRange(0, Long.MAX_VALUE);

  static ByteRange parse(String text) {
    int dash = text.indexOf('-');
    if (dash >= 0 && text.length() > 1) {
      String left = text.substring(0, dash);
      String right = text.substring(dash + 1);
      long first = left.isEmpty() ? -1 : ByteSize.parse(left).bytes();
      long last = right.isEmpty() ? Long.MAX_VALUE : ByteSize.parse(right).bytes();
      if (first < 0 || first <= last) {
        return new ByteRange(first, last);
      }
    }
    throw new TypeConversionException(
        "'" + text + "' is not a range; write A-B (both included), A- or -N (the last N bytes)");
  }

  /// Whether it can be told without knowing where the end is.
  boolean fromStart() {
    return first >= 0;
  }

  /// Where it begins in a file of `size` bytes.
  ///
  /// @throws FileSystemException where the file ends before
  long start(String name, long size) throws IOException {
    if (first < 0) {
      return Math.max(0, size - last);
    }
    if (first > 0 && first >= size) {
      throw new FileSystemException(
          name, null, "has " + size + " bytes; the range begins behind them, at " + first);
    }
    return first;
  }

  /// Where it ends, not included, in a file of `size` bytes.
  long end(long size) {
    return first < 0 || last >= size ? size : last + 1;
  }

  /// For picocli.
  static final class Converter implements ITypeConverter<ByteRange> {
    @Override
    public ByteRange convert(String text) {
      return parse(text);
    }
  }
}
