package io.ringwell.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Writes one JSON object on one line, member by member.
final class Json {
  private final StringBuilder text = new StringBuilder("{");
  private boolean first = true;

  private Json name(String name) {
    if (!first) {
      text.append(',');
    }
    first = false;
    string(name);
    text.append(':');
    return this;
  }

  Json put(String name, @Nullable String value) {
    name(name);
    if (value == null) {
      text.append("null");
    } else {
      string(value);
    }
    return this;
  }

  Json put(String name, long value) {
    name(name).text.append(value);
    return this;
  }

  /// A whole number, or null.
  Json putOrNull(String name, @Nullable Long value) {
    name(name).text.append(value);
    return this;
  }

  Json put(String name, boolean value) {
    name(name).text.append(value);
    return this;
  }

  /// With `decimals` digits behind the point; null where it is not a number.
  Json put(String name, double value, int decimals) {
    name(name)
        .text
        .append(
            Double.isFinite(value)
                ? String.format(Locale.ROOT, "%." + decimals + "f", value)
                : "null");
    return this;
  }

  Json put(String name, Json value) {
    name(name).text.append(value);
    return this;
  }

  /// An array of strings.
  Json putStrings(String name, Iterable<String> values) {
    name(name).text.append('[');
    String separator = "";
    for (String value : values) {
      text.append(separator);
      string(value);
      separator = ",";
    }
    text.append(']');
    return this;
  }

  /// An array of objects.
  Json putObjects(String name, Iterable<Json> values) {
    name(name).text.append('[');
    String separator = "";
    for (Json value : values) {
      text.append(separator).append(value);
      separator = ",";
    }
    text.append(']');
    return this;
  }

  /// RFC 8259, section 7.
  private void string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < 0x20 || (Character.isSurrogate(c) && !paired(value, i))) {
            text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }

  private static boolean paired(String value, int at) {
    char c = value.charAt(at);
    return Character.isHighSurrogate(c)
        ? at + 1 < value.length() && Character.isLowSurrogate(value.charAt(at + 1))
        : at > 0 && Character.isHighSurrogate(value.charAt(at - 1));
  }

  @Override
  public String toString() {
    return text + "}";
  }
}
