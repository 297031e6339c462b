package io.ringwell.bench;

import java.io.IOException;

/// One way to read a file, opened. Any number of threads read through it, each with a [Reader] of
/// its own.
interface Peer extends AutoCloseable {
  /// A loop for one thread.
  ///
  /// @param seed where its random offsets start
  Reader reader(long seed) throws IOException;

  /// Closes the file. Every reader is closed before.
  @Override
  void close() throws IOException;
}
