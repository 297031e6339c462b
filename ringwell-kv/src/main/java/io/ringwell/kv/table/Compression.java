package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.github.luben.zstd.Zstd;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Decodes the blocks of one table.
///
/// A block is decoded to memory of exactly its length, which it tells: ask [#decodedLength], see
/// whether that is acceptable, then [#decode]. Whatever the input is, nothing is written beyond the
/// target's range and no memory is taken in proportion to what it claims.
///
/// Any thread. Allocates nothing in steady state, as long as zlib's and zstd's blocks come from the
/// same segments. LZ4 and Snappy are own code; zlib is the JDK's; zstd is libzstd by zstd-jni.
final class Compression implements AutoCloseable {
  private static final IdleDecoders LZ4 = new IdleDecoders(() -> new Lz4Decoder(null));
  private static final IdleDecoders ZSTD = new IdleDecoders(() -> new ZstdDecoder(null));
  private static final IdleDecoders ZLIB = new IdleDecoders(() -> new ZlibDecoder(null));

  private static final int MAX_PREFIX_BYTES = 5;

  private final boolean prefixed;
  private final IdleDecoders lz4;
  private final IdleDecoders zstd;
  private final IdleDecoders zlib;

  private Compression(boolean prefixed, byte @Nullable [] dictionary) {
    this.prefixed = prefixed;
    this.lz4 = dictionary == null ? LZ4 : new IdleDecoders(() -> new Lz4Decoder(dictionary));
    this.zstd = dictionary == null ? ZSTD : new IdleDecoders(() -> new ZstdDecoder(dictionary));
    this.zlib = dictionary == null ? ZLIB : new IdleDecoders(() -> new ZlibDecoder(dictionary));
  }

  /// For a RocksDB table, whose blocks begin with their decoded length.
  ///
  /// @param dictionary of the block `rocksdb.compression_dict`, if there is one
  static Compression rocksDb(byte @Nullable [] dictionary) {
    return new Compression(true, dictionary);
  }

  /// For a LevelDB table, whose zstd blocks tell their length by zstd's own means.
  static Compression levelDb() {
    return new Compression(false, null);
  }

  /// How long the block is when it is decoded, in bytes, as it claims.
  ///
  /// @throws BadBlockException if it does not tell
  int decodedLength(TableCompression kind, MemorySegment source, long offset, int length)
      throws BadBlockException {
    if (kind == TableCompression.NONE) {
      return length;
    }
    if (kind == TableCompression.ZSTD && !prefixed) {
      return frameLength(source, offset, length);
    }
    int bytes = prefixBytes(kind, source, offset, length);
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (source.get(JAVA_BYTE, offset + i) & 0x7FL) << (7 * i);
    }
    if (value > Integer.MAX_VALUE) {
      throw new BadBlockException(kind + ": it claims to decode to " + value + " bytes");
    }
    return (int) value;
  }

  /// Decodes the block to `targetLength` bytes, as many as [#decodedLength] said.
  ///
  /// @param source native memory
  /// @param target native memory, which is left with any contents where this throws
  /// @throws BadBlockException if it does not decode to exactly as many
  void decode(
      TableCompression kind,
      MemorySegment source,
      long offset,
      int length,
      MemorySegment target,
      long targetOffset,
      int targetLength)
      throws BadBlockException {
    if (kind == TableCompression.NONE) {
      if (length != targetLength) {
        throw new BadBlockException("it has " + length + " bytes instead of " + targetLength);
      }
      MemorySegment.copy(source, offset, target, targetOffset, length);
      return;
    }
    boolean without = kind == TableCompression.ZSTD && !prefixed;
    int skip = without ? 0 : prefixBytes(kind, source, offset, length);
    long from = offset + skip;
    int left = length - skip;
    switch (kind) {
      case LZ4, LZ4HC -> decode(lz4, source, from, left, target, targetOffset, targetLength);
      case SNAPPY -> SnappyDecoder.decode(source, from, left, target, targetOffset, targetLength);
      case ZLIB -> decode(zlib, source, from, left, target, targetOffset, targetLength);
      case ZSTD -> decode(zstd, source, from, left, target, targetOffset, targetLength);
      default -> throw new AssertionError(kind);
    }
  }

  private static void decode(
      IdleDecoders decoders,
      MemorySegment source,
      long offset,
      int length,
      MemorySegment target,
      long targetOffset,
      int targetLength)
      throws BadBlockException {
    BlockDecoder decoder = decoders.take();
    try {
      decoder.decode(source, offset, length, target, targetOffset, targetLength);
    } finally {
      decoders.giveBack(decoder);
    }
  }

  /// Lets the dictionary go.
  @Override
  public void close() {
    if (zstd != ZSTD) {
      lz4.close();
      zstd.close();
      zlib.close();
    }
  }

  private static int prefixBytes(
      TableCompression kind, MemorySegment source, long offset, int length)
      throws BadBlockException {
    for (int i = 0; i < MAX_PREFIX_BYTES && i < length; i++) {
      if (source.get(JAVA_BYTE, offset + i) >= 0) {
        return i + 1;
      }
    }
    throw new BadBlockException(kind + ": it does not begin with its length");
  }

  private static int frameLength(MemorySegment source, long offset, int length)
      throws BadBlockException {
    var frame = source.asSlice(offset, length).asByteBuffer();
    long claimed = Zstd.getDirectByteBufferFrameContentSize(frame, 0, length);
    if (claimed < 0 || claimed > Integer.MAX_VALUE) {
      throw new BadBlockException("ZSTD: it does not tell how long it is");
    }
    return (int) claimed;
  }
}
