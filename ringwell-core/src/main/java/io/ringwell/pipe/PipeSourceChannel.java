package io.ringwell.pipe;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;

/// What a reader reads, copied to whoever asks.
final class PipeSourceChannel implements ReadableByteChannel {
  private final PipeReader reader;
  private volatile boolean open = true;

  PipeSourceChannel(PipeReader reader) {
    this.reader = reader;
  }

  /// At least one byte, where there is room for it; parks for it. No more than is there.
  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("a read into a read-only buffer");
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    int count = Pulling.pull(reader, MemorySegment.ofBuffer(target), 0, target.remaining());
    target.position(target.position() + Math.max(0, count));
    return count;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /// Completes the reader.
  @Override
  public void close() {
    open = false;
    reader.complete();
  }
}
