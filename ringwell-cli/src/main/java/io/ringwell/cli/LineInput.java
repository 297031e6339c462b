package io.ringwell.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/// Lines of bytes, one after the other, where they lie in a buffer: [#bytes] from [#start] to
/// [#end], without the line feed, until the next one.
final class LineInput {
  private static final int FIRST_BYTES = 1 << 20;
  private static final int MOST_BYTES = 1 << 28;

  private final ReadableByteChannel in;
  private final String name;
  private byte[] bytes = new byte[FIRST_BYTES];
  private int filled;
  private int start;
  private int end;
  private int nextStart;
  private boolean ended;
  private long number;

  LineInput(ReadableByteChannel in, String name) {
    this.in = in;
    this.name = name;
  }

  /// To the next line; false behind the last.
  boolean next() throws IOException {
    start = nextStart;
    int at = start;
    while (true) {
      while (at < filled && bytes[at] != '\n') {
        at++;
      }
      if (at < filled || ended) {
        break;
      }
      int looked = at - start;
      fill();
      at = start + looked;
    }
    end = at;
    nextStart = Math.min(at + 1, filled);
    if (start == filled) {
      return false;
    }
    number++;
    return true;
  }

  private void fill() throws IOException {
    if (start > 0) {
      System.arraycopy(bytes, start, bytes, 0, filled - start);
      filled -= start;
      start = 0;
    }
    if (filled == bytes.length) {
      if (filled == MOST_BYTES) {
        throw new IOException(
            name + ":" + (number + 1) + ": a line has more than " + MOST_BYTES + " bytes");
      }
      bytes = Arrays.copyOf(bytes, filled * 2);
    }
    int got = in.read(ByteBuffer.wrap(bytes, filled, bytes.length - filled));
    if (got < 0) {
      ended = true;
    } else {
      filled += got;
    }
  }

  byte[] bytes() {
    return bytes;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  /// What is wrong with this line.
  IOException bad(String what) {
    return new IOException(name + ":" + number + ": " + what);
  }
}
