package io.ringwell.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// A connection without TLS: the kernel writes to where the bytes belong, and reads from where they
/// lie.
final class PlainWire implements Wire {
  private final SocketChannel channel;

  PlainWire(SocketChannel channel) {
    this.channel = channel;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return channel.read(into);
  }

  @Override
  public void write(ByteBuffer... from) throws IOException {
    for (int first = 0; first < from.length; first++) {
      while (from[first].hasRemaining()) {
        channel.write(from, first, from.length - first);
      }
    }
  }

  @Override
  public long copied() {
    return 0;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
