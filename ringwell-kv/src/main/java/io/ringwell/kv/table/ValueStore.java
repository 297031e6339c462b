package io.ringwell.kv.table;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects values of several blocks, copied, in few buffers of the pool, and gives a handle of
/// each: a small value does not keep its whole block.
final class ValueStore implements AutoCloseable {
  private static final int CHUNK_BYTES = 64 << 10;

  private final TableFile file;
  private final List<IoBuffer> chunks = new ArrayList<>();
  private final int[] chunkOf;
  private final long[] offsetOf;
  private final int[] lengthOf;
  private long filled;

  /// @param count of values
  ValueStore(TableFile file, int count) {
    this.file = file;
    this.chunkOf = new int[count];
    this.offsetOf = new long[count];
    this.lengthOf = new int[count];
    Arrays.fill(chunkOf, -1);
  }

  void put(int index, MemorySegment memory, long from, int length) throws IOException {
    if (chunks.isEmpty() || chunks.getLast().capacity() - filled < length) {
      long size = Math.max(CHUNK_BYTES, length);
      IoBuffer chunk = size > file.pool().maxBytes() ? null : file.pool().tryAcquire(size);
      if (chunk == null) {
        throw file.noMemory(size);
      }
      chunks.add(chunk);
      filled = 0;
    }
    MemorySegment.copy(memory, from, chunks.getLast().segment(), filled, length);
    chunkOf[index] = chunks.size() - 1;
    offsetOf[index] = filled;
    lengthOf[index] = length;
    filled += length;
  }

  /// A handle of each value, null where there is none; ends the collecting.
  List<@Nullable Bytes> take() {
    List<Bytes> frozen = new ArrayList<>();
    for (IoBuffer chunk : chunks) {
      frozen.add(chunk.freeze());
    }
    chunks.clear();
    List<@Nullable Bytes> values = new ArrayList<>(chunkOf.length);
    for (int i = 0; i < chunkOf.length; i++) {
      values.add(chunkOf[i] < 0 ? null : frozen.get(chunkOf[i]).slice(offsetOf[i], lengthOf[i]));
    }
    frozen.forEach(Bytes::close);
    return values;
  }

  @Override
  public void close() {
    chunks.forEach(IoBuffer::close);
    chunks.clear();
  }
}
