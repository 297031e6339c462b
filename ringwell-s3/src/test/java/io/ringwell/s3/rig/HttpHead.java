package io.ringwell.s3.rig;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The first line and the headers of an HTTP/1.1 message, and the bytes that they came in.
final class HttpHead {
  private static final int MAX_BYTES = 64 << 10;

  private final byte[] bytes;
  private final List<String> words;
  private final Map<String, String> headers = new HashMap<>();

  private HttpHead(byte[] bytes) {
    this.bytes = bytes;
    List<String> lines = new String(bytes, StandardCharsets.ISO_8859_1).lines().toList();
    words = List.of(lines.getFirst().split(" ", 3));
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
  }

  /// The next one; null where the connection ends before it.
  static @Nullable HttpHead read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream(1024);
    int matched = 0;
    while (matched < 4) {
      int next = in.read();
      if (next < 0) {
        if (head.size() == 0) {
          return null;
        }
        throw new EOFException("the connection ended within a head");
      }
      head.write(next);
      matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
      if (head.size() > MAX_BYTES) {
        throw new IOException("a head of more than " + MAX_BYTES + " bytes");
      }
    }
    return new HttpHead(head.toByteArray());
  }

  byte[] bytes() {
    return bytes;
  }

  /// A word of the first line.
  String word(int index) {
    return words.get(index);
  }

  int status() {
    return Integer.parseInt(word(1));
  }

  /// By its name in small letters.
  @Nullable String header(String name) {
    return headers.get(name);
  }

  boolean says(String name, String value) {
    String said = headers.get(name);
    return said != null && said.toLowerCase(Locale.ROOT).contains(value);
  }

  boolean isChunked() {
    return says("transfer-encoding", "chunked");
  }

  /// Of the body, in bytes; -1 where it comes in chunks.
  long contentLength() {
    String length = header("content-length");
    return isChunked() ? -1 : length == null ? 0 : Long.parseLong(length);
  }
}
