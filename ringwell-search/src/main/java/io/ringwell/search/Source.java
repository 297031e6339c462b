package io.ringwell.search;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// An open file, of which any number of threads read parts.
interface Source extends AutoCloseable {
  /// How many bytes the last block before `until` may be followed by at a time: what remains of a
  /// line is mostly short.
  int TAIL_BYTES = 64 << 10;

  /// The bytes from `from`, a block at a time. Nothing at or behind `until` is read before it is
  /// asked for.
  ///
  /// @param buffer memory of the calling thread, for the blocks until they are closed
  Blocks blocks(long from, long until, MemorySegment buffer) throws IOException;

  /// How it is read: never AUTO.
  SearchRoute route();

  /// Why so.
  String why();

  /// Its size when it was opened, in bytes.
  long size();

  /// Whether several threads may read it at once.
  boolean splits();

  @Override
  void close() throws IOException;
}
