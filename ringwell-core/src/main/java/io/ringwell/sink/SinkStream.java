package io.ringwell.sink;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// Copies what is written into memory of a pool, and sends it piece by piece.
final class SinkStream extends OutputStream {
  private final SinkChannel channel;
  private final byte[] one = new byte[1];

  SinkStream(SinkChannel channel) {
    this.channel = channel;
  }

  @Override
  public synchronized void write(int value) throws IOException {
    one[0] = (byte) value;
    channel.write(ByteBuffer.wrap(one));
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    channel.write(ByteBuffer.wrap(from, offset, length));
  }

  @Override
  public void flush() throws IOException {
    channel.handOn();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
