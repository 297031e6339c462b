package io.ringwell.cli;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A number of bytes as users write it: `4096`, `4k`, `1.5m`, `1g`, in powers of 1024.
record ByteSize(long bytes) {
  private static final String UNITS = "kmgtp";

  static ByteSize parse(String text) {
    String number = text.strip().toLowerCase(Locale.ROOT);
    for (String suffix : new String[] {"ib", "b"}) {
      if (number.endsWith(suffix)) {
        number = number.substring(0, number.length() - suffix.length());
        break;
      }
    }
    long unit = 1;
    int power = number.isEmpty() ? -1 : UNITS.indexOf(number.charAt(number.length() - 1));
    if (power >= 0) {
      unit = 1L << (10 * (power + 1));
      number = number.substring(0, number.length() - 1);
    }
    try {
      double value = number.contains(".") ? Double.parseDouble(number) : -1;
      long bytes =
          value >= 0
              ? Math.round(value * unit)
              : Math.multiplyExact(Long.parseLong(number.strip()), unit);
      if (bytes >= 0) {
        return new ByteSize(bytes);
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // said below
    }
    throw new TypeConversionException("'" + text + "' is not a size; write 4096, 4k, 256m or 1g");
  }

  /// In the largest unit that leaves at least 1.
  static String format(long bytes) {
    long unit = 1;
    int power = -1;
    while (power < UNITS.length() - 1 && bytes / unit >= 1024) {
      unit <<= 10;
      power++;
    }
    if (power < 0) {
      return bytes + " B";
    }
    String name = " " + Character.toUpperCase(UNITS.charAt(power)) + "iB";
    return bytes % unit == 0
        ? bytes / unit + name
        : String.format(Locale.ROOT, "%.1f", (double) bytes / unit) + name;
  }

  @Override
  public String toString() {
    return format(bytes);
  }

  /// For picocli.
  static final class Converter implements ITypeConverter<ByteSize> {
    @Override
    public ByteSize convert(String text) {
      return parse(text);
    }
  }
}
