package io.ringwell.kv.table;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.IoBuffer;
import io.ringwell.sink.Sink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Where packed blocks go: into memory of a pool, one behind the other with their trailers, and
/// that to a sink, chunk by chunk.
///
/// Holds one chunk, and none while it waits for memory.
final class BlockOutput implements AutoCloseable {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final int CHUNK_BYTES = 256 << 10;

  private final Sink sink;
  private final BufferPool pool;
  private final BlockPacker packer;
  private final BlockPacker.Packed packed = new BlockPacker.Packed();
  private final int contextBase;
  private @Nullable IoBuffer chunk;
  private int filled;
  private long sent;

  /// @param packer of blocks that come as they are; stays the caller's
  /// @param contextBase 0 where checksums do not depend on the block's place
  BlockOutput(Sink sink, BufferPool pool, BlockPacker packer, int contextBase) {
    this.sink = sink;
    this.pool = pool;
    this.packer = packer;
    this.contextBase = contextBase;
  }

  /// How many bytes the file has so far.
  long position() {
    return sent + filled;
  }

  Checksum checksum() {
    return packer.checksum();
  }

  /// Writes a block that is finished and has `length` bytes, with its trailer.
  ///
  /// @param compressible whether to try
  BlockHandle write(BlockBuilder block, int length, boolean compressible) throws IOException {
    packer.pack(block, length, compressible, packed);
    return write(packed);
  }

  /// Writes a block that is packed, with its trailer.
  BlockHandle write(BlockPacker.Packed block) throws IOException {
    int stored = block.stored;
    MemorySegment to = reserve(Math.addExact(stored, BlockHandle.TRAILER_BYTES));
    long offset = position();
    MemorySegment.copy(block.bytes, 0, to, filled, stored + 1L);
    to.set(INT, filled + stored + 1L, block.checksum + Checksum.context(contextBase, offset));
    filled += stored + BlockHandle.TRAILER_BYTES;
    return new BlockHandle(offset, stored);
  }

  /// Writes bytes that are no block: the footer.
  void writeRaw(MemorySegment bytes) throws IOException {
    int length = Math.toIntExact(bytes.byteSize());
    MemorySegment to = reserve(length);
    MemorySegment.copy(bytes, 0, to, filled, length);
    filled += length;
  }

  /// Hands on what is still here.
  void flush() throws IOException {
    IoBuffer full = chunk;
    if (full == null) {
      return;
    }
    chunk = null;
    int size = filled;
    filled = 0;
    sent += size;
    sink.send(full.freeze(0, size));
  }

  private MemorySegment reserve(int bytes) throws IOException {
    IoBuffer current = chunk;
    if (current != null && current.capacity() - filled >= bytes) {
      return current.segment();
    }
    flush();
    current = pool.acquire(Math.max(CHUNK_BYTES, bytes));
    chunk = current;
    return current.segment();
  }

  /// Gives up what was not handed on.
  @Override
  public void close() {
    packed.close();
    IoBuffer left = chunk;
    chunk = null;
    if (left != null) {
      left.close();
    }
  }
}
