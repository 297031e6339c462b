package io.ringwell.kv.table;

import org.jspecify.annotations.Nullable;

/// How the blocks of a table are checksummed, as its footer tells.
public enum TableChecksum {
  /// Not at all.
  NONE(0),
  /// CRC-32C, masked. LevelDB's only one.
  CRC32C(1),
  /// xxHash with 32 bits.
  XXHASH(2),
  /// The low half of xxHash with 64 bits.
  XXHASH64(3),
  /// The low half of XXH3 with 64 bits. What RocksDB writes if not told otherwise.
  XXH3(4);

  private static final TableChecksum[] ALL = values();

  private final int code;

  TableChecksum(int code) {
    this.code = code;
  }

  /// The number that stands for it in a footer.
  public int code() {
    return code;
  }

  /// That of a footer's number; null where there is none, and the table cannot be read.
  static @Nullable TableChecksum of(int code) {
    return code >= 0 && code < ALL.length ? ALL[code] : null;
  }
}
