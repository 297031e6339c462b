package io.ringwell.bench;

import io.ringwell.memory.BufferPool;
import io.ringwell.pipe.IntRead;
import io.ringwell.pipe.IntWriter;
import io.ringwell.pipe.PipeOptions;
import io.ringwell.pipe.TypedPipe;
import java.io.IOException;

/// Ints through a [TypedPipe], from an array and into one. Lengths are in bytes.
final class IntCarry implements PipeTurns.Carry, AutoCloseable {
  private final TypedPipe<IntWriter, IntRead> pipe;
  private final int[] from;
  private final int[] to;

  IntCarry(BufferPool pool, PipeOptions options, int piece) {
    pipe = TypedPipe.ofInts(pool, options);
    from = new int[piece / Integer.BYTES];
    to = new int[(64 << 10) / Integer.BYTES];
  }

  @Override
  public int piece() {
    return from.length * Integer.BYTES;
  }

  @Override
  public void write(long total) throws IOException {
    IntWriter writer = pipe.writer();
    for (long left = total / Integer.BYTES; left > 0; left -= from.length) {
      writer.reserve(from.length);
      writer.putAll(0, from, 0, from.length);
      writer.commit(from.length);
      writer.flush();
    }
  }

  @Override
  public void read(long total) throws IOException {
    long left = total / Integer.BYTES;
    while (left > 0) {
      IntRead read = pipe.reader().read();
      left -= read.size();
      do {
        for (long at = 0; at < read.length(); at += to.length) {
          read.getAll(at, to, 0, (int) Math.min(to.length, read.length() - at));
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
