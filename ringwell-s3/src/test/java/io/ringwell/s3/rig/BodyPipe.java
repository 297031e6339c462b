package io.ringwell.s3.rig;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Moves the body of one message from one connection to another.
final class BodyPipe {
  private static final int BUFFER_BYTES = 32 << 10;

  private final InputStream in;
  private final OutputStream out;
  private final Throttle throttle;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private long moved;
  private volatile boolean reading;

  /// Where one bit is turned over; -1 nowhere.
  private long flipAt = -1;

  BodyPipe(InputStream in, OutputStream out, Throttle throttle) {
    this.in = in;
    this.out = out;
    this.throttle = throttle;
  }

  void flipAt(long position) {
    flipAt = position;
  }

  /// Whether it is the side that it reads from which has failed.
  boolean isReading() {
    return reading;
  }

  /// Moves exactly `bytes`.
  void move(long bytes) throws IOException {
    for (long left = bytes; left > 0; ) {
      int got = read((int) Math.min(left, buffer.length));
      write(got);
      left -= got;
    }
    out.flush();
  }

  /// Moves all chunks, and what comes with the last.
  void moveChunks() throws IOException {
    long chunk;
    do {
      String line = moveLine();
      int end = line.indexOf(';');
      chunk = Long.parseLong((end < 0 ? line : line.substring(0, end)).strip(), 16);
      if (chunk > 0) {
        move(chunk);
        moveLine();
      }
    } while (chunk > 0);
    while (!moveLine().isEmpty()) {
      // Trailers, up to the empty line.
    }
    out.flush();
  }

  /// Moves what comes until the other side has ended.
  void moveToEnd() throws IOException {
    reading = true;
    for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
      reading = false;
      write(got);
      out.flush();
      reading = true;
    }
    reading = false;
  }

  private int read(int most) throws IOException {
    reading = true;
    int got = in.read(buffer, 0, most);
    if (got < 0) {
      throw new EOFException("the connection ended within a body");
    }
    reading = false;
    return got;
  }

  private void write(int bytes) throws IOException {
    if (flipAt >= moved && flipAt < moved + bytes) {
      buffer[(int) (flipAt - moved)] ^= 0x10;
    }
    throttle.pass(bytes);
    out.write(buffer, 0, bytes);
    moved += bytes;
  }

  private String moveLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(16);
    reading = true;
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the connection ended within a body");
      }
      line.write(next);
    }
    reading = false;
    line.write('\n');
    line.writeTo(out);
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }
}
