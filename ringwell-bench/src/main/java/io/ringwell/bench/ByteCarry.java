package io.ringwell.bench;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringwell.memory.BufferPool;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeOptions;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Bytes through a [Pipe], from an array and into one.
final class ByteCarry implements PipeTurns.Carry, AutoCloseable {
  private final Pipe pipe;
  private final byte[] from;
  private final byte[] to;

  ByteCarry(BufferPool pool, PipeOptions options, int piece) {
    pipe = new Pipe(pool, options);
    from = new byte[piece];
    to = new byte[64 << 10];
  }

  @Override
  public int piece() {
    return from.length;
  }

  @Override
  public void write(long total) throws IOException {
    PipeWriter writer = pipe.writer();
    for (long left = total; left > 0; left -= from.length) {
      writer.reserve(from.length);
      MemorySegment.copy(from, 0, writer.memory(), JAVA_BYTE, writer.position(), from.length);
      writer.commit(from.length);
      writer.flush();
    }
  }

  @Override
  public void read(long total) throws IOException {
    long left = total;
    while (left > 0) {
      PipeRead read = pipe.reader().read();
      left -= read.size();
      do {
        for (long at = 0; at < read.length(); at += to.length) {
          int count = (int) Math.min(to.length, read.length() - at);
          MemorySegment.copy(read.memory(), JAVA_BYTE, read.position() + at, to, 0, count);
        }
      } while (read.nextFragment());
      read.advance(read.end());
    }
  }

  @Override
  public void close() {
    pipe.close();
  }
}
