package io.ringwell.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The entry that a line of JSON means: one object (RFC 8259) of two strings, `key` or, in hex,
/// `key_hex`, and `value` or `value_hex`.
///
/// @param key its bytes
/// @param value its bytes
record EntryJson(byte[] key, byte[] value) {
  private static final String SHAPE = "a line is {\"key\":\"...\",\"value\":\"...\"}";

  static EntryJson parse(LineInput line) throws IOException {
    String text;
    try {
      ByteBuffer bytes = ByteBuffer.wrap(line.bytes(), line.start(), line.end() - line.start());
      text = UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw line.bad("it is not UTF-8");
    }
    return new Parser(line, text).object();
  }

  private static final class Parser {
    private final LineInput line;
    private final String text;
    private int at;

    Parser(LineInput line, String text) {
      this.line = line;
      this.text = text;
    }

    EntryJson object() throws IOException {
      byte @Nullable [] key = null;
      byte @Nullable [] value = null;
      expect('{');
      do {
        String name = string();
        expect(':');
        String content = string();
        switch (name) {
          case "key", "key_hex" -> {
            requireOnce("key", key);
            key = bytes(name, content);
          }
          case "value", "value_hex" -> {
            requireOnce("value", value);
            value = bytes(name, content);
          }
          default -> throw line.bad("'" + name + "' is no member of an entry; " + SHAPE);
        }
      } while (next(','));
      expect('}');
      skipSpace();
      if (at < text.length()) {
        throw line.bad("there is something behind the object; one object a line");
      }
      if (key == null || value == null) {
        throw line.bad("the " + (key == null ? "key" : "value") + " is missing; " + SHAPE);
      }
      return new EntryJson(key, value);
    }

    private void requireOnce(String name, byte @Nullable [] known) throws IOException {
      if (known != null) {
        throw line.bad("the " + name + " is there twice");
      }
    }

    private byte[] bytes(String name, String content) throws IOException {
      try {
        if (name.endsWith("_hex")) {
          return HexFormat.of().parseHex(content);
        }
        ByteBuffer bytes = UTF_8.newEncoder().encode(CharBuffer.wrap(content));
        return Arrays.copyOf(bytes.array(), bytes.limit());
      } catch (IllegalArgumentException e) {
        throw line.bad(name + " is not hex");
      } catch (CharacterCodingException e) {
        throw line.bad(name + " has half a character");
      }
    }

    private String string() throws IOException {
      expect('"');
      StringBuilder content = new StringBuilder();
      while (at < text.length()) {
        char c = text.charAt(at++);
        if (c == '"') {
          return content.toString();
        }
        if (c < ' ') {
          break;
        }
        content.append(c == '\\' ? escaped() : c);
      }
      throw line.bad("a string does not end; " + SHAPE);
    }

    private char escaped() throws IOException {
      char c = at < text.length() ? text.charAt(at++) : 0;
      return switch (c) {
        case '"', '\\', '/' -> c;
        case 'b' -> '\b';
        case 'f' -> '\f';
        case 'n' -> '\n';
        case 'r' -> '\r';
        case 't' -> '\t';
        case 'u' -> unicode();
        default -> throw line.bad("a backslash has nothing behind it that JSON knows");
      };
    }

    private char unicode() throws IOException {
      int value = 0;
      for (int i = 0; i < 4; i++) {
        int digit = at < text.length() ? Character.digit(text.charAt(at++), 16) : -1;
        if (digit < 0) {
          throw line.bad("\\u needs four hex digits behind it");
        }
        value = value << 4 | digit;
      }
      return (char) value;
    }

    private void expect(char wanted) throws IOException {
      if (!next(wanted)) {
        throw line.bad("'" + wanted + "' is missing; " + SHAPE);
      }
    }

    private boolean next(char wanted) {
      skipSpace();
      if (at < text.length() && text.charAt(at) == wanted) {
        at++;
        return true;
      }
      return false;
    }

    private void skipSpace() {
      while (at < text.length() && " \t\r".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }
  }
}
