package io.ringwell.kv.table;

import java.lang.foreign.MemorySegment;

/// Decodes whole blocks by a context that costs too much to be made for each: it is lent out by an
/// [IdleDecoders]. One thread at a time.
interface BlockDecoder extends AutoCloseable {
  /// Decodes the source's range into the target's, and refuses what does not fill it exactly.
  ///
  /// @throws BadBlockException if the input is malformed
  void decode(
      MemorySegment source,
      long sourceOffset,
      int sourceLength,
      MemorySegment target,
      long targetOffset,
      int targetLength)
      throws BadBlockException;

  @Override
  void close();
}
