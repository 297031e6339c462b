package io.ringwell.sink;

import io.ringwell.memory.BytesChain;
import java.util.ArrayDeque;

/// The writes that an outlet has begun, and up to where all is written. Used with the sink's lock
/// held.
final class WritesInFlight {
  /// In the order of their bytes; those at the end may be done before those in front.
  private final ArrayDeque<Write> writes = new ArrayDeque<>();

  private int count;
  private long written;

  Write begin(BytesChain bytes) {
    Write write = new Write(bytes);
    writes.add(write);
    count++;
    return write;
  }

  void done(Write write) {
    write.done = true;
    count--;
    while (!writes.isEmpty() && writes.element().done) {
      written += writes.remove().size;
    }
  }

  /// How many are not done.
  int count() {
    return count;
  }

  /// Bytes from the sink's start of which none is missing.
  long written() {
    return written;
  }
}
