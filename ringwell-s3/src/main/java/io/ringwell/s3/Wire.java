package io.ringwell.s3;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Bytes to a store and back, over one connection. Calls park; an interrupt closes it. Used by one
/// thread at a time.
interface Wire extends Closeable {
  /// Reads what is there into `into`, which has room.
  ///
  /// @return how many bytes; -1 where the store has ended it
  int read(ByteBuffer into) throws IOException;

  /// Writes all of it.
  void write(ByteBuffer from) throws IOException;
}
