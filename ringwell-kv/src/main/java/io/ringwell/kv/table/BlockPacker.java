package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Makes blocks fit to be stored: compressed where that pays, and with a checksum.
///
/// **Threads.** One at a time.
final class BlockPacker implements AutoCloseable {
  /// What the decoded length before a compressed block takes at the most.
  private static final int PREFIX_BYTES = 5;

  /// A block as it is to be stored: its bytes, and behind them the one that tells how they are
  /// compressed. Good until the block that it was made of is changed.
  static final class Packed implements AutoCloseable {
    private final GrowingMemory memory = new GrowingMemory(64);
    MemorySegment bytes = MemorySegment.NULL;

    /// How many, without the one behind.
    int stored;

    /// Without what depends on the block's place.
    int checksum;

    @Override
    public void close() {
      memory.close();
    }
  }

  private final @Nullable BlockEncoder encoder;
  private final TableCompression compression;
  private final Checksum checksum;

  BlockPacker(TableWriterOptions options) {
    this.compression = options.compression();
    this.checksum = new Checksum(options.checksum());
    this.encoder =
        switch (compression) {
          case LZ4 -> new Lz4Encoder();
          case ZSTD -> new ZstdEncoder(options.compressionLevel());
          default -> null;
        };
  }

  Checksum checksum() {
    return checksum;
  }

  /// Packs a finished block of `length` bytes.
  ///
  /// @param compressible whether to try
  void pack(BlockBuilder block, int length, boolean compressible, Packed into) {
    BlockEncoder codec = compressible ? encoder : null;
    int stored = codec == null ? -1 : encode(codec, block.segment(), length, into.memory);
    TableCompression kind = stored < 0 ? TableCompression.NONE : compression;
    into.bytes = stored < 0 ? block.segment() : into.memory.segment();
    into.stored = stored < 0 ? length : stored;
    into.bytes.set(JAVA_BYTE, into.stored, (byte) kind.code());
    into.checksum = checksum.compute(into.bytes, 0, into.stored);
  }

  /// How many bytes the encoded block has with its prefix, or -1 where it saves too little.
  private static int encode(
      BlockEncoder codec, MemorySegment block, int length, GrowingMemory memory) {
    memory.ensure(Math.addExact(codec.room(length), PREFIX_BYTES + BlockHandle.TRAILER_BYTES), 0);
    MemorySegment to = memory.segment();
    int prefix = (int) BlockBuilder.putVarint(to, 0, length);
    // As RocksDB's max_compressed_bytes_per_kb of 896: what saves less than an eighth does not pay.
    int most = length - length / 8 - prefix;
    int packed = codec.encode(block, length, to, prefix, most);
    return packed < 0 ? -1 : packed + prefix;
  }

  @Override
  public void close() {
    if (encoder != null) {
      encoder.close();
    }
  }
}
