package io.ringwell.bench;

import java.io.EOFException;
import java.io.IOException;
import okio.Buffer;
import okio.Pipe;

/// Bytes through okio's pipe, from an array into a buffer whose segments the pipe takes over, and
/// back.
final class OkioCarry implements PipeTurns.Carry {
  private final Pipe pipe;
  private final byte[] from;
  private final byte[] to = new byte[64 << 10];
  private final Buffer written = new Buffer();
  private final Buffer read = new Buffer();

  OkioCarry(long most, int piece) {
    pipe = new Pipe(most);
    from = new byte[piece];
  }

  @Override
  public int piece() {
    return from.length;
  }

  @Override
  public void write(long total) throws IOException {
    for (long left = total; left > 0; left -= from.length) {
      written.write(from);
      pipe.sink().write(written, from.length);
    }
  }

  @Override
  public void read(long total) throws IOException {
    long left = total;
    while (left > 0) {
      if (pipe.source().read(read, to.length) < 0) {
        throw new EOFException();
      }
      for (int count = read.read(to); count > 0; count = read.read(to)) {
        left -= count;
      }
    }
  }
}
