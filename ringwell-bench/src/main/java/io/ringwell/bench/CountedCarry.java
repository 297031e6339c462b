package io.ringwell.bench;

import io.ringwell.memory.BufferPool;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeOptions;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Bytes through a [Pipe], from an array and into one, by the pipe's own methods that copy and
/// count what they copied, as [IntCarry] does it with ints.
final class CountedCarry implements PipeTurns.Carry, AutoCloseable {
  private final Pipe pipe;
  private final byte[] from;
  private final byte[] to = new byte[64 << 10];
  private final MemorySegment target = MemorySegment.ofArray(to);

  CountedCarry(BufferPool pool, PipeOptions options, int piece) {
    pipe = new Pipe(pool, options);
    from = new byte[piece];
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
      writer.write(from, 0, from.length);
      writer.flush();
    }
  }

  @Override
  public void read(long total) throws IOException {
    long left = total;
    while (left > 0) {
      PipeRead read = pipe.reader().read();
      left -= read.size();
      for (long at = read.start(); at < read.end(); at += to.length) {
        read.copyTo(at, target, 0, Math.min(to.length, read.end() - at));
      }
      read.advance(read.end());
    }
  }

  @Override
  public void close() {
    pipe.close();
  }
}
