package io.ringwell.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;

/// Bytes through the JDK's pipe, which is the kernel's, from a direct buffer and into one.
final class NioCarry implements PipeTurns.Carry {
  private final Pipe pipe;
  private final ByteBuffer from;
  private final ByteBuffer to;

  NioCarry(int piece) throws IOException {
    pipe = Pipe.open();
    from = ByteBuffer.allocateDirect(piece);
    to = ByteBuffer.allocateDirect(64 << 10);
  }

  @Override
  public int piece() {
    return from.capacity();
  }

  @Override
  public void write(long total) throws IOException {
    for (long left = total; left > 0; left -= from.capacity()) {
      from.clear();
      while (from.hasRemaining()) {
        pipe.sink().write(from);
      }
    }
  }

  @Override
  public void read(long total) throws IOException {
    long left = total;
    while (left > 0) {
      to.clear();
      int count = pipe.source().read(to);
      if (count < 0) {
        throw new EOFException();
      }
      left -= count;
    }
  }
}
