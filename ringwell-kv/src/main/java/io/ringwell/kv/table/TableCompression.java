package io.ringwell.kv.table;

import org.jspecify.annotations.Nullable;

/// How a block of a table is compressed, as the byte behind it tells. Blocks that would not become
/// smaller are not.
public enum TableCompression {
  NONE(0),
  SNAPPY(1),
  /// Raw deflate.
  ZLIB(2),
  /// LZ4's block format.
  LZ4(4),
  /// The same format, from a compressor that takes longer.
  LZ4HC(5),
  ZSTD(7);

  /// What RocksDB numbers, by its number; null where Ringwell cannot read it (bzip2, xpress).
  private static final @Nullable TableCompression[] BY_CODE = {
    NONE, SNAPPY, ZLIB, null, LZ4, LZ4HC, null, ZSTD
  };

  private final int code;

  TableCompression(int code) {
    this.code = code;
  }

  /// The number that stands for it behind a block of a RocksDB table.
  public int code() {
    return code;
  }

  /// That of a RocksDB table's number; null where there is none, or it cannot be read.
  static @Nullable TableCompression of(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }

  /// That of a LevelDB table's number, where 2 is zstd; null where there is none.
  static @Nullable TableCompression ofLevelDb(int code) {
    return switch (code) {
      case 0 -> NONE;
      case 1 -> SNAPPY;
      case 2 -> ZSTD;
      default -> null;
    };
  }
}
