package io.ringwell.kv.table;

/// How a [TableWriter] writes. Immutable; start from [#defaults()].
///
/// @param formatVersion of RocksDB's block-based tables, 5 to 7. Every RocksDB since 6.6 opens 5;
///   from 6 on (RocksDB 8.6) a block's checksum tells, too, whether it lies where it belongs, and 7
///   is for RocksDB 10.4 and later
/// @param compression of the blocks: `NONE`, `LZ4` or `ZSTD`; a block that would not become an
///   eighth smaller is stored as it is
/// @param compressionLevel of zstd, 1 to 19
/// @param checksum of the blocks. RocksDB knows XXH3 since 6.27
/// @param blockBytes what a block of entries has at the most before it is compressed, unless one
///   entry alone has more
/// @param restartInterval how many entries in a row may give their keys as differences to the one
///   before: more make the table smaller and seeks slower
/// @param helpers how many threads, besides its own, may compress blocks for the writer. They
///   belong to all tables of the process together, one fewer than there are processors. With 0 the
///   table is built by the caller's thread alone
public record TableWriterOptions(
    int formatVersion,
    TableCompression compression,
    int compressionLevel,
    TableChecksum checksum,
    int blockBytes,
    int restartInterval,
    int helpers) {
  static final int OLDEST_VERSION = 5;
  static final int NEWEST_VERSION = 7;

  /// From here on checksums depend on the block's place, and the list of meta blocks has the index.
  static final int FIRST_WITH_CONTEXT = 6;

  /// From here on the property names a compression manager.
  static final int FIRST_WITH_MANAGER = 7;

  private static final int LEAST_BLOCK_BYTES = 64;
  private static final int MOST_BLOCK_BYTES = 16 << 20;
  private static final int MOST_RESTART_INTERVAL = 1 << 16;
  private static final int MOST_LEVEL = 19;

  /// RocksDB's own for all of them.
  private static final int DEFAULT_LEVEL = 3;

  /// What fills blocks has done so before three helpers have compressed them.
  private static final int MOST_HELPERS = 3;

  private static final int DEFAULT_BLOCK_BYTES = 4 << 10;
  private static final int DEFAULT_RESTART_INTERVAL = 16;

  public TableWriterOptions {
    require("formatVersion", formatVersion, OLDEST_VERSION, NEWEST_VERSION);
    require("compressionLevel", compressionLevel, 1, MOST_LEVEL);
    require("blockBytes", blockBytes, LEAST_BLOCK_BYTES, MOST_BLOCK_BYTES);
    require("restartInterval", restartInterval, 1, MOST_RESTART_INTERVAL);
    if (helpers < 0) {
      throw new IllegalArgumentException("helpers must not be negative, as " + helpers + " is");
    }
    switch (compression) {
      case NONE, LZ4, ZSTD -> {}
      default ->
          throw new IllegalArgumentException(
              "tables are written with NONE, LZ4 or ZSTD, not " + compression);
    }
  }

  private static void require(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be from " + least + " to " + most + ", not " + value);
    }
  }

  /// Version 5, LZ4, XXH3, blocks of 4 KiB, a restart every 16 entries; up to three helpers, where
  /// there is more than one processor.
  public static TableWriterOptions defaults() {
    return new TableWriterOptions(
        OLDEST_VERSION,
        TableCompression.LZ4,
        DEFAULT_LEVEL,
        TableChecksum.XXH3,
        DEFAULT_BLOCK_BYTES,
        DEFAULT_RESTART_INTERVAL,
        Math.min(MOST_HELPERS, Runtime.getRuntime().availableProcessors() - 1));
  }

  public TableWriterOptions withFormatVersion(int version) {
    return new TableWriterOptions(
        version, compression, compressionLevel, checksum, blockBytes, restartInterval, helpers);
  }

  public TableWriterOptions withCompression(TableCompression kind) {
    return new TableWriterOptions(
        formatVersion, kind, compressionLevel, checksum, blockBytes, restartInterval, helpers);
  }

  public TableWriterOptions withCompressionLevel(int level) {
    return new TableWriterOptions(
        formatVersion, compression, level, checksum, blockBytes, restartInterval, helpers);
  }

  public TableWriterOptions withChecksum(TableChecksum kind) {
    return new TableWriterOptions(
        formatVersion, compression, compressionLevel, kind, blockBytes, restartInterval, helpers);
  }

  public TableWriterOptions withBlockBytes(int bytes) {
    return new TableWriterOptions(
        formatVersion, compression, compressionLevel, checksum, bytes, restartInterval, helpers);
  }

  public TableWriterOptions withRestartInterval(int entries) {
    return new TableWriterOptions(
        formatVersion, compression, compressionLevel, checksum, blockBytes, entries, helpers);
  }

  public TableWriterOptions withHelpers(int most) {
    return new TableWriterOptions(
        formatVersion, compression, compressionLevel, checksum, blockBytes, restartInterval, most);
  }
}
