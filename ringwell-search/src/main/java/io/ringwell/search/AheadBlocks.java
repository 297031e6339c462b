package io.ringwell.search;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Reads a file ahead through the engine: while one block is searched, the next are on their way.
final class AheadBlocks implements Blocks {
  static final int BLOCK_BYTES = 256 << 10;

  /// Blocks on their way or in use: 1 MiB in all.
  private static final int DEPTH = 4;

  private final Engine engine;
  private final Tally tally;
  private final FileHandle file;
  private final long until;
  private final int align;
  private final CompletionQueue completed = new CompletionQueue();
  private final IoBuffer[] buffers = new IoBuffer[DEPTH];
  private final Operation[] reads = new Operation[DEPTH];
  private final boolean[] done = new boolean[DEPTH];
  private final long[] offsets = new long[DEPTH];
  private final long[] lengths = new long[DEPTH];

  /// Reads so far, and blocks handed out so far; the slot is the rest by [#DEPTH].
  private long submitted;

  private long taken;
  private long nextOffset;
  private long skip;
  private long position;
  private boolean ended;

  AheadBlocks(Engine engine, Tally tally, FileHandle file, long from, long until)
      throws IOException {
    this.engine = engine;
    this.tally = tally;
    this.file = file;
    this.until = until;
    this.align = Math.max(1, file.offsetAlign());
    this.nextOffset = from - from % align;
    this.skip = from - nextOffset;
    try {
      for (int i = 0; i < DEPTH; i++) {
        buffers[i] = engine.pool().acquire(BLOCK_BYTES);
        reads[i] = new Operation();
      }
      submit(DEPTH);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /// Keeps `count` reads on their way; behind `until` one.
  private void submit(int count) throws IOException {
    while (!ended && submitted - taken < count && (nextOffset < until || submitted == taken)) {
      int slot = (int) (submitted % DEPTH);
      long length = Source.TAIL_BYTES;
      if (nextOffset < until) {
        length = Math.min(BLOCK_BYTES, until - nextOffset);
        length = (length + align - 1) / align * align;
      }
      offsets[slot] = nextOffset;
      lengths[slot] = length;
      done[slot] = false;
      Operation read =
          reads[slot]
              .read(file, buffers[slot], 0, length, nextOffset)
              .tag(slot)
              .notifying(completed);
      engine.submit(read);
      submitted++;
      nextOffset += length;
    }
  }

  @Override
  public @Nullable MemorySegment next() throws IOException {
    // The block handed out last is free now.
    submit(DEPTH);
    if (submitted == taken) {
      return null;
    }
    int slot = (int) (taken % DEPTH);
    if (!done[slot]) {
      await(slot);
    }
    taken++;
    long read = reads[slot].result();
    ended |= read < lengths[slot];
    long skipped = Math.min(skip, read);
    skip -= skipped;
    position = offsets[slot] + skipped;
    if (read == skipped) {
      return ended ? null : next();
    }
    return buffers[slot].segment().asSlice(skipped, read - skipped);
  }

  private void await(int slot) throws IOException {
    Operation ready = completed.poll();
    while (true) {
      if (ready == null) {
        tally.stalls.increment();
        ready = completed.take();
      }
      done[(int) ready.tag()] = true;
      if (done[slot]) {
        return;
      }
      ready = completed.poll();
    }
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public boolean writable() {
    return true;
  }

  /// Buffers that are still lent go back when the engine is done with them.
  @Override
  public void close() {
    for (IoBuffer buffer : buffers) {
      if (buffer != null) {
        buffer.close();
      }
    }
  }
}
