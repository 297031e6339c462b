package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.IoBuffer;
import io.ringwell.sink.Sink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Where finished blocks go: compressed into memory of a pool, with their trailers behind them, and
/// that to a sink, chunk by chunk. No block is copied but one that does not compress.
///
/// Holds one chunk, and none while it waits for memory.
final class BlockOutput implements AutoCloseable {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final int CHUNK_BYTES = 256 << 10;

  /// What the decoded length before a compressed block takes at the most.
  private static final int PREFIX_BYTES = 5;

  private final Sink sink;
  private final BufferPool pool;
  private final @Nullable BlockEncoder encoder;
  private final TableCompression compression;
  private final Checksum checksum;
  private final int contextBase;
  private @Nullable IoBuffer chunk;
  private int filled;
  private long sent;

  /// @param contextBase 0 where checksums do not depend on the block's place
  BlockOutput(Sink sink, BufferPool pool, TableWriterOptions options, int contextBase) {
    this.sink = sink;
    this.pool = pool;
    this.compression = options.compression();
    this.checksum = new Checksum(options.checksum());
    this.contextBase = contextBase;
    this.encoder =
        switch (compression) {
          case LZ4 -> new Lz4Encoder();
          case ZSTD -> new ZstdEncoder(options.compressionLevel());
          default -> null;
        };
  }

  /// How many bytes the file has so far.
  long position() {
    return sent + filled;
  }

  Checksum checksum() {
    return checksum;
  }

  /// Writes the first `length` bytes of `block` and their trailer.
  ///
  /// @param compressible whether to try
  BlockHandle write(MemorySegment block, int length, boolean compressible) throws IOException {
    BlockEncoder codec = compressible ? encoder : null;
    int room = length;
    if (codec != null) {
      room = Math.max(room, codec.room(length) + PREFIX_BYTES);
    }
    MemorySegment to = reserve(room + BlockHandle.TRAILER_BYTES);
    long offset = position();
    int start = filled;
    int stored = codec == null ? -1 : encode(codec, block, length, to, start);
    TableCompression kind = stored < 0 ? TableCompression.NONE : compression;
    if (stored < 0) {
      MemorySegment.copy(block, 0, to, start, length);
      stored = length;
    }
    to.set(JAVA_BYTE, (long) start + stored, (byte) kind.code());
    int sum = checksum.compute(to, start, stored) + Checksum.context(contextBase, offset);
    to.set(INT, start + stored + 1L, sum);
    filled += stored + BlockHandle.TRAILER_BYTES;
    return new BlockHandle(offset, stored);
  }

  /// How many bytes the encoded block has with its prefix, or -1 where it saves too little.
  private static int encode(
      BlockEncoder codec, MemorySegment block, int length, MemorySegment to, int start) {
    int prefix = (int) (BlockBuilder.putVarint(to, start, length) - start);
    // As RocksDB's max_compressed_bytes_per_kb of 896: what saves less than an eighth does not pay.
    int most = length - length / 8 - prefix;
    int packed = codec.encode(block, length, to, (long) start + prefix, most);
    return packed < 0 ? -1 : packed + prefix;
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
    if (encoder != null) {
      encoder.close();
    }
    IoBuffer left = chunk;
    chunk = null;
    if (left != null) {
      left.close();
    }
  }
}
