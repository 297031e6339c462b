package io.ringwell.s3;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The first line and the headers of an answer by HTTP/1.1.
final class AnswerHead {
  /// Most are shorter, and what of the body comes with the head has to be copied.
  private static final int FIRST_BYTES = 1024;

  private static final int MOST_BYTES = 64 << 10;

  private final int status;
  private final Map<String, String> headers = new HashMap<>();

  private AnswerHead(String text) throws IOException {
    List<String> lines = text.lines().toList();
    String[] words = lines.getFirst().split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("\\d{3}")) {
      throw new IOException("what answers does not speak HTTP/1.1");
    }
    status = Integer.parseInt(words[1]);
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
  }

  /// Reads one.
  ///
  /// @param rest what came behind the one before, and gets what came behind this one: from its
  ///   position to its limit
  static AnswerHead read(Wire wire, ByteBuffer rest) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(2 * FIRST_BYTES);
    int end = -1;
    for (int seen = 0; end < 0; ) {
      if (bytes.remaining() < FIRST_BYTES) {
        bytes = ByteBuffer.allocate(2 * bytes.capacity()).put(bytes.flip());
      }
      if (bytes.position() > MOST_BYTES) {
        throw new IOException("an answer with more than " + MOST_BYTES + " bytes of headers");
      }
      if (!rest.hasRemaining()) {
        rest.clear().limit(FIRST_BYTES);
        if (wire.read(rest) < 0) {
          rest.limit(0);
          throw new EOFException("the store ended the connection before it answered");
        }
        rest.flip();
      }
      bytes.put(rest);
      end = endIn(bytes, Math.max(0, seen - 3));
      seen = bytes.position();
    }
    bytes.flip();
    rest.clear().put(bytes.slice(end, bytes.limit() - end)).flip();
    return new AnswerHead(StandardCharsets.ISO_8859_1.decode(bytes.limit(end)).toString());
  }

  /// Behind the empty line; -1 where there is none yet.
  private static int endIn(ByteBuffer bytes, int from) {
    for (int i = from; i + 4 <= bytes.position(); i++) {
      if (bytes.get(i) == '\r'
          && bytes.get(i + 1) == '\n'
          && bytes.get(i + 2) == '\r'
          && bytes.get(i + 3) == '\n') {
        return i + 4;
      }
    }
    return -1;
  }

  int status() {
    return status;
  }

  /// @param name in small letters
  @Nullable String header(String name) {
    return headers.get(name);
  }

  /// Of the body, in bytes; -1 where the head does not say.
  long length() throws IOException {
    String length = headers.get("content-length");
    try {
      return length == null || headers.containsKey("transfer-encoding")
          ? -1
          : Long.parseLong(length);
    } catch (NumberFormatException e) {
      throw new IOException("an answer of '" + length + "' bytes", e);
    }
  }

  /// Whether the connection can be used again once the body was read.
  boolean keepsConnection() {
    String connection = headers.get("connection");
    return connection == null || !connection.toLowerCase(Locale.ROOT).contains("close");
  }
}
