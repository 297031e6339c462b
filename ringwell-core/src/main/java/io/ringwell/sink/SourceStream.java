package io.ringwell.sink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// What a source gives, copied to whoever reads.
final class SourceStream extends InputStream {
  private final SourceChannel channel;
  private final byte[] one = new byte[1];

  SourceStream(SourceChannel channel) {
    this.channel = channel;
  }

  @Override
  public int read() throws IOException {
    return channel.read(ByteBuffer.wrap(one)) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    return channel.read(ByteBuffer.wrap(into, offset, length));
  }

  @Override
  public int available() {
    return channel.available();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
