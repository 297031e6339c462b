package io.ringwell.search;

import io.ringwell.memory.CopyCounter;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.Readiness;
import io.ringwell.window.Window;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The windows of a reader, one after the other, from where they lie; those on the heap, which libc
/// cannot search, are copied.
final class ReaderBlocks implements Blocks {
  private final ManagedReader reader;
  private final Tally tally;
  private long position;
  private long next;
  private final Arena arena = Arena.ofConfined();
  private MemorySegment copy = MemorySegment.NULL;

  /// @param reader stays its owner's
  ReaderBlocks(ManagedReader reader, Tally tally) {
    this.reader = reader;
    this.tally = tally;
  }

  @Override
  public @Nullable MemorySegment next() throws IOException {
    Readiness readiness = reader.seek(next);
    if (readiness == Readiness.NOT_READY) {
      tally.stalls.increment();
      readiness = reader.await(next);
    }
    if (readiness == Readiness.END) {
      return null;
    }
    Window window = reader.window();
    position = next;
    next = window.end();
    MemorySegment block = window.segment().asSlice(position - window.position());
    return block.isNative() ? block : copied(block);
  }

  private MemorySegment copied(MemorySegment block) {
    if (copy.byteSize() < block.byteSize()) {
      copy = arena.allocate(block.byteSize());
    }
    CopyCounter.add(block.byteSize());
    return copy.asSlice(0, block.byteSize()).copyFrom(block);
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public boolean writable() {
    return false;
  }

  @Override
  public void close() {
    arena.close();
  }
}
