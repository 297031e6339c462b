package io.ringwell.cli;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.ringwell.kv.KvIterator;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;

/// Writes entries to standard output, one a line.
final class EntryOutput {
  /// How an entry is written.
  enum Form {
    /// Key, tab and value as they are.
    TEXT,
    /// The same in hex.
    HEX,
    /// An object with `key` and `value`, or `key_hex` and `value_hex` for what is no UTF-8.
    JSON,
    /// An object with `key_hex` and `value_hex`.
    JSON_HEX;

    static Form of(boolean json, boolean hex) {
      return json ? hex ? JSON_HEX : JSON : hex ? HEX : TEXT;
    }
  }

  private static final int BUFFER_BYTES = 64 << 10;
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(UTF_8);

  private final WritableByteChannel out;
  private final Form form;
  private final boolean keys;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int filled;

  /// @param keys whether keys are written, too, and not values alone
  EntryOutput(WritableByteChannel out, Form form, boolean keys) {
    this.out = out;
    this.form = form;
    this.keys = keys;
  }

  /// The entry that `at` stands on.
  void entry(KvIterator at) throws IOException {
    if (form == Form.JSON || form == Form.JSON_HEX) {
      Json line = new Json();
      if (keys) {
        member(line, "key", at.key());
      }
      member(line, "value", at.value());
      bytes(line.toString().getBytes(UTF_8));
    } else {
      if (keys) {
        piece(at.keySegment(), at.keyOffset(), at.keyLength());
        put((byte) '\t');
      }
      piece(at.valueSegment(), at.valueOffset(), at.valueLength());
    }
    put((byte) '\n');
  }

  private void member(Json line, String name, MemorySegment content) {
    byte[] bytes = content.toArray(JAVA_BYTE);
    if (form == Form.JSON) {
      try {
        line.put(name, UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        return;
      } catch (CharacterCodingException e) {
        // No text: in hex, which its name tells.
      }
    }
    line.put(name + "_hex", HexFormat.of().formatHex(bytes));
  }

  private void piece(MemorySegment segment, long offset, int length) throws IOException {
    if (form == Form.HEX) {
      for (int i = 0; i < length; i++) {
        int each = segment.get(JAVA_BYTE, offset + i);
        put(DIGITS[each >>> 4 & 15]);
        put(DIGITS[each & 15]);
      }
      return;
    }
    int done = 0;
    while (done < length) {
      if (filled == BUFFER_BYTES) {
        flush();
      }
      int count = Math.min(length - done, BUFFER_BYTES - filled);
      MemorySegment.copy(segment, JAVA_BYTE, offset + done, buffer, filled, count);
      filled += count;
      done += count;
    }
  }

  private void bytes(byte[] bytes) throws IOException {
    for (byte each : bytes) {
      put(each);
    }
  }

  private void put(byte each) throws IOException {
    if (filled == BUFFER_BYTES) {
      flush();
    }
    buffer[filled++] = each;
  }

  /// Writes out what is left.
  ///
  /// @throws OutputLostException where nobody takes it
  void flush() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, filled);
    filled = 0;
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    } catch (IOException e) {
      throw new OutputLostException(e);
    }
  }
}
