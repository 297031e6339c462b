package io.ringwell.search;

import io.ringwell.memory.Bytes;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A file that is in memory as a whole: one block. The bytes are the caller's to close.
final class BytesBlocks implements Blocks {
  private final Bytes all;
  private boolean given;

  BytesBlocks(Bytes all) {
    this.all = all;
  }

  @Override
  public @Nullable MemorySegment next() {
    if (given || all.size() == 0) {
      return null;
    }
    given = true;
    return all.segment();
  }

  @Override
  public long position() {
    return 0;
  }

  @Override
  public boolean writable() {
    return false;
  }

  @Override
  public void close() {}
}
