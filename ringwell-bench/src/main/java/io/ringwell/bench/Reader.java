package io.ringwell.bench;

import java.io.IOException;

/// Reads blocks of [DataFile#BLOCK_BYTES] at random offsets, into memory that it uses again.
interface Reader extends AutoCloseable {
  /// Reads `count` blocks and returns when all have arrived.
  ///
  /// @throws IllegalStateException where one is short, or was not read the way it should have been
  void read(int count) throws IOException, InterruptedException;

  /// Gives the memory back. Nothing is in flight between two calls of [#read].
  @Override
  void close();
}
