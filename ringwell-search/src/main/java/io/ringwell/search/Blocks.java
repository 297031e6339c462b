package io.ringwell.search;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Hands out a file's bytes, block by block, in order: all that the searcher knows of how a file is
/// read. One thread's.
interface Blocks extends AutoCloseable {
  /// The next bytes, at least one of them, or null at the file's end. They stay there until the
  /// next call, in native memory. May wait.
  @Nullable MemorySegment next() throws IOException;

  /// Where in the file the block begins that was handed out last.
  long position();

  /// Whether the searcher may write into the block that was handed out last.
  boolean writable();

  /// Gives the memory back. The file stays open.
  @Override
  void close();
}
