package io.ringwell.pipe;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CancellationException;

/// Reads for those who bring memory of their own.
final class Pulling {
  private Pulling() {}

  /// Consumes up to `length` bytes, as many as are there, and copies them to `target`, unless that
  /// is `NULL`; parks until there is one.
  ///
  /// @return how many; -1 at the end
  static int pull(PipeReader reader, MemorySegment target, long offset, long length)
      throws IOException {
    PipeRead read = reader.read();
    if (read.isCancelled()) {
      throw new CancellationException("the read of a pipe was cancelled");
    }
    int count = (int) Math.min(Math.min(length, read.size()), Integer.MAX_VALUE);
    boolean end = read.isEmpty();
    long taken = read.start();
    try {
      if (!target.equals(MemorySegment.NULL)) {
        read.copyTo(read.start(), target, offset, count);
      }
      taken += count;
    } finally {
      read.advance(taken);
    }
    return end ? -1 : count;
  }
}
