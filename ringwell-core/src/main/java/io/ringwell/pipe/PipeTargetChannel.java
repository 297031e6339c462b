package io.ringwell.pipe;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;

/// Copies what is written into a pipe, and flushes it.
final class PipeTargetChannel implements WritableByteChannel {
  private final PipeWriter writer;
  private volatile boolean open = true;

  PipeTargetChannel(PipeWriter writer) {
    this.writer = writer;
  }

  /// All of it; parks for room, and while the reader has too much.
  @Override
  public int write(ByteBuffer source) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    long before = writer.committed();
    int start = source.position();
    try {
      writer.write(MemorySegment.ofBuffer(source));
    } finally {
      // So that whoever meets an error can tell what was taken.
      source.position(start + (int) (writer.committed() - before));
    }
    writer.flushOpen();
    return source.position() - start;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /// Completes the writer.
  @Override
  public void close() {
    open = false;
    writer.complete();
  }
}
