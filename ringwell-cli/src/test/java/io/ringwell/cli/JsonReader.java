package io.ringwell.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads JSON strictly enough to tell when the command's is wrong (RFC 8259).
final class JsonReader {
  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(String text) {
    JsonReader reader = new JsonReader(text);
    Object value = reader.value();
    if (reader.at != text.length() || !(value instanceof Map)) {
      throw new IllegalArgumentException("no JSON object: " + text);
    }
    return (Map<String, Object>) value;
  }

  /// A member that must be there.
  private static Object member(Map<String, Object> object, String name) {
    return Objects.requireNonNull(object.get(name), name);
  }

  static double number(Map<String, Object> object, String name) {
    return ((Number) member(object, name)).doubleValue();
  }

  static String text(Map<String, Object> object, String name) {
    return (String) member(object, name);
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> inner(Map<String, Object> object, String name) {
    return (Map<String, Object>) member(object, name);
  }

  private char next() {
    return text.charAt(at++);
  }

  private void expect(String word) {
    if (!text.startsWith(word, at)) {
      throw new IllegalArgumentException(word + " expected at " + at + ": " + text);
    }
    at += word.length();
  }

  private @Nullable Object value() {
    return switch (text.charAt(at)) {
      case '{' -> members();
      case '[' -> elements();
      case '"' -> string();
      case 't' -> {
        expect("true");
        yield true;
      }
      case 'f' -> {
        expect("false");
        yield false;
      }
      case 'n' -> {
        expect("null");
        yield null;
      }
      default -> number();
    };
  }

  private Map<String, @Nullable Object> members() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    expect("{");
    while (text.charAt(at) != '}') {
      if (!members.isEmpty()) {
        expect(",");
      }
      String name = string();
      expect(":");
      if (members.containsKey(name)) {
        throw new IllegalArgumentException(name + " twice: " + text);
      }
      members.put(name, value());
    }
    expect("}");
    return members;
  }

  private List<@Nullable Object> elements() {
    List<@Nullable Object> elements = new ArrayList<>();
    expect("[");
    while (text.charAt(at) != ']') {
      if (!elements.isEmpty()) {
        expect(",");
      }
      elements.add(value());
    }
    expect("]");
    return elements;
  }

  private String string() {
    expect("\"");
    StringBuilder plain = new StringBuilder();
    while (text.charAt(at) != '"') {
      char c = next();
      if (c < 0x20) {
        throw new IllegalArgumentException("control character at " + at);
      }
      plain.append(c == '\\' ? escaped() : c);
    }
    expect("\"");
    return plain.toString();
  }

  private char escaped() {
    char c = next();
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        at += 4;
        yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
      }
      case '"', '\\', '/' -> c;
      default -> throw new IllegalArgumentException("\\" + c + " at " + at);
    };
  }

  private Object number() {
    int from = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String number = text.substring(from, at);
    if (number.contains(".")) {
      return Double.valueOf(number);
    }
    return Long.valueOf(number);
  }
}
