package io.ringwell.pipe;

import java.io.IOException;
import java.io.OutputStream;

/// Copies what is written into a pipe.
final class PipeOutputStream extends OutputStream {
  /// The reader need not wait for more than that.
  private static final int FLUSH_BYTES = 8 << 10;

  private final PipeWriter writer;
  private final byte[] one = new byte[1];
  private boolean closed;

  PipeOutputStream(PipeWriter writer) {
    this.writer = writer;
  }

  @Override
  public void write(int value) throws IOException {
    one[0] = (byte) value;
    write(one, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    requireOpen();
    writer.write(from, offset, length);
    if (writer.unflushed() >= FLUSH_BYTES) {
      writer.flushOpen();
    }
  }

  /// Parks while the reader has too much.
  @Override
  public void flush() throws IOException {
    requireOpen();
    writer.flushOpen();
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the stream into a pipe is closed");
    }
  }

  /// Completes the writer, unless that is complete. Does not park.
  ///
  /// @throws IOException where what is written last will not be read
  @Override
  public void close() throws IOException {
    closed = true;
    if (writer.isComplete()) {
      return;
    }
    try {
      boolean more = writer.unflushed() > 0;
      if (writer.tryFlush() == FlushResult.COMPLETED && more) {
        throw PipeWriter.unread();
      }
    } finally {
      writer.complete();
    }
  }
}
