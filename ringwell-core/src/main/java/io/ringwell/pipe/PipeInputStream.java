package io.ringwell.pipe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// What a reader reads, copied to whoever asks.
final class PipeInputStream extends InputStream {
  private final PipeReader reader;
  private boolean closed;

  PipeInputStream(PipeReader reader) {
    this.reader = reader;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  /// No more than is there.
  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    requireOpen();
    return length == 0 ? 0 : Pulling.pull(reader, MemorySegment.ofArray(into), offset, length);
  }

  @Override
  public long skip(long count) throws IOException {
    requireOpen();
    return count <= 0 ? 0 : Math.max(0, Pulling.pull(reader, MemorySegment.NULL, 0, count));
  }

  /// What is there now. Does not park.
  @Override
  public int available() throws IOException {
    requireOpen();
    PipeRead read = reader.tryRead();
    if (read == null) {
      return 0;
    }
    long size = read.size();
    if (read.isCancelled()) {
      reader.cancelPending(); // it is for a read that waits
    }
    read.advance(read.start());
    return (int) Math.min(Integer.MAX_VALUE, size);
  }

  @Override
  public long transferTo(OutputStream target) throws IOException {
    requireOpen();
    return reader.copyTo(target);
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the stream of a pipe is closed");
    }
  }

  /// Completes the reader.
  @Override
  public void close() {
    closed = true;
    reader.complete();
  }
}
