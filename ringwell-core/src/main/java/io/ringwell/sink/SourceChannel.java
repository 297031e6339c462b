package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/// What a source gives, copied to whoever reads.
final class SourceChannel implements ReadableByteChannel {
  private final Source source;
  private @Nullable Bytes current;
  private long at;
  private volatile boolean open = true;

  SourceChannel(Source source) {
    this.source = source;
  }

  /// At least one byte, where there is room for it; parks for it. No more than is there.
  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    Bytes bytes = current;
    if (bytes == null) {
      bytes = source.next();
      if (bytes == null) {
        return -1;
      }
      current = bytes;
      at = 0;
    }
    int count = (int) Math.min(target.remaining(), bytes.size() - at);
    bytes.copyTo(at, MemorySegment.ofBuffer(target), 0, count);
    target.position(target.position() + count);
    at += count;
    if (at == bytes.size()) {
      current = null;
      bytes.close();
    }
    return count;
  }

  /// Bytes that a read would not park for.
  int available() {
    Bytes bytes = current;
    return bytes == null ? 0 : (int) Math.min(Integer.MAX_VALUE, bytes.size() - at);
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    if (!open) {
      return;
    }
    open = false;
    Bytes bytes = current;
    current = null;
    if (bytes != null) {
      bytes.close();
    }
    source.close();
  }
}
