package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Aligned memory for pieces that are not: they are copied here, and written in whole blocks. Two
/// halves take turns, one is filled while the other is written. They are had from the start, so
/// that a sink whose pool is empty, perhaps by what waits in this sink, still gets on.
final class Staging implements AutoCloseable {
  private static final int HALF_BYTES = 256 << 10;
  private static final CompletableFuture<@Nullable Void> NOTHING =
      CompletableFuture.completedFuture(null);

  private final FileOutput file;
  private final int grid;
  private final int half;
  private final IoBuffer buffer;

  /// Which half is filled, by where it begins; and the last write from the other one.
  private int start;

  private CompletionStage<@Nullable Void> otherWrite = NOTHING;

  /// Bytes in it.
  private int size;

  Staging(FileOutput file) throws IOException {
    this.file = file;
    this.grid = file.offsetAlign();
    this.half = Math.max(HALF_BYTES, grid);
    this.buffer = file.engine().pool().acquire(2L * half);
  }

  int size() {
    return size;
  }

  /// Takes `piece` from `from` on behind what is here; whatever is full is written to `position`.
  ///
  /// @return how many bytes were written
  long add(Bytes piece, long from, long position, List<CompletionStage<@Nullable Void>> writes)
      throws IOException {
    if (piece.isSecure() && !buffer.isSecure()) {
      throw new IOException(
          "secure bytes are not collected in ordinary memory for direct I/O; use a buffered sink,"
              + " or whole aligned blocks");
    }
    long written = 0;
    long at = from;
    while (at < piece.size()) {
      int count = (int) Math.min(half - size, piece.size() - at);
      piece.copyTo(at, buffer.segment(), start + size, count);
      size += count;
      at += count;
      if (size == half) {
        written += writeOut(position + written, writes);
      }
    }
    return written;
  }

  /// Begins to write all that is here, whole blocks, and goes on in the other half, once that is
  /// free.
  ///
  /// @return how many bytes it is
  long writeOut(long position, List<CompletionStage<@Nullable Void>> writes) throws IOException {
    if (size == 0) {
      return 0;
    }
    CompletionStage<@Nullable Void> write = file.write(buffer, start, size, position);
    writes.add(write);
    FileOutput.await(otherWrite);
    otherWrite = write;
    start = half - start;
    long written = size;
    size = 0;
    return written;
  }

  /// Writes all that is here, the last block filled up with zeros, and parks until it is written.
  /// What was in that block stays, to be written again with what follows.
  ///
  /// @return by how many bytes the position moves on
  long writeLast(long position) throws IOException {
    if (size == 0) {
      return 0;
    }
    int wide = (size + grid - 1) / grid * grid;
    MemorySegment memory = buffer.segment();
    memory.asSlice(start + size, wide - size).fill((byte) 0);
    FileOutput.await(file.write(buffer, start, wide, position));
    int whole = size / grid * grid;
    size -= whole;
    if (whole > 0 && size > 0) {
      MemorySegment.copy(memory, start + whole, memory, start, size);
      CopyCounter.add(size);
    }
    return whole;
  }

  /// Memory that a write still uses goes back when that is complete.
  @Override
  public void close() {
    buffer.close();
  }
}
