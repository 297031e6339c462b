package io.ringwell.search;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Reads what lies in the page cache on the searching thread. What does not is read by the engine:
/// block by block, or, where it may change its mind, ahead from there on.
final class CachedBlocks implements Blocks {
  /// Half of a core's second-level cache, so that a block is searched where it was copied to.
  private static final int BLOCK_BYTES = 256 << 10;

  private final Engine engine;
  private final Tally tally;
  private final FileHandle file;
  private final long until;
  private final boolean adapts;
  private final IoBuffer buffer;
  private final MemorySegment memory;
  private final Operation read = new Operation();
  private @Nullable AheadBlocks ahead;
  private long position;
  private long nextOffset;
  private boolean ended;

  /// @param adapts whether it reads ahead from the first block on that is not in the page cache
  CachedBlocks(Engine engine, Tally tally, FileHandle file, long from, long until, boolean adapts)
      throws IOException {
    this.engine = engine;
    this.tally = tally;
    this.file = file;
    this.nextOffset = from;
    this.until = until;
    this.adapts = adapts;
    this.buffer = engine.pool().acquire(BLOCK_BYTES);
    this.memory = buffer.segment();
  }

  @Override
  public @Nullable MemorySegment next() throws IOException {
    if (ahead != null) {
      return ahead.next();
    }
    if (ended) {
      return null;
    }
    position = nextOffset;
    long length =
        nextOffset < until ? Math.min(BLOCK_BYTES, until - nextOffset) : Source.TAIL_BYTES;
    read.read(file, buffer, 0, length, nextOffset);
    long got;
    if (engine.tryNow(read)) {
      got = read.result();
    } else {
      tally.stalls.increment();
      engine.submit(read);
      got = read.await();
      if (adapts && got == length) {
        ahead = new AheadBlocks(engine, tally, file, nextOffset + got, until);
      }
    }
    ended = got < length;
    nextOffset += got;
    return got == 0 ? null : memory.asSlice(0, got);
  }

  @Override
  public long position() {
    return ahead != null && ahead.position() >= nextOffset ? ahead.position() : position;
  }

  @Override
  public boolean writable() {
    return true;
  }

  @Override
  public void close() {
    if (ahead != null) {
      ahead.close();
    }
    buffer.close();
  }
}
