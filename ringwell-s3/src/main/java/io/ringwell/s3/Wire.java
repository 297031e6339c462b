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

  /// How many bytes were copied in user memory so far, on their way in, heads and all.
  long copied();

  /// Writes all of them, in their order.
  void write(ByteBuffer... from) throws IOException;
}
