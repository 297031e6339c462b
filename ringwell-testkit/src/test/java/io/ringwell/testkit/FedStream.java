package io.ringwell.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// A stream of what another thread feeds it, which parks whoever reads.
final class FedStream extends InputStream {
  private static final byte[] END = {};
  private static final byte[] BREAK = {};

  private final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
  private byte @Nullable [] piece;
  private int at;

  void feed(byte[] content) {
    if (content.length > 0) {
      pieces.add(content);
    }
  }

  void end() {
    pieces.add(END);
  }

  void breakOff() {
    pieces.add(BREAK);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    byte[] from = piece;
    if (from == null || at == from.length) {
      try {
        from = pieces.take();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      if (from == END) {
        pieces.add(END);
        return -1;
      }
      if (from == BREAK) {
        throw new IOException("broken off");
      }
      piece = from;
      at = 0;
    }
    int count = Math.min(length, from.length - at);
    System.arraycopy(from, at, into, offset, count);
    at += count;
    return count;
  }
}
