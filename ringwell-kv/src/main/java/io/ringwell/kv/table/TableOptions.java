package io.ringwell.kv.table;

import org.jspecify.annotations.Nullable;

/// How a [Table] is read. Immutable; start from [#defaults()].
///
/// @param checksumsVerified whether each block is verified when it is read. Off, what is damaged
///   may be taken for entries; never is memory touched that is not the table's
/// @param suffixed whether the keys of a LevelDB table have sequence and kind behind them, as those
///   of a database have; those of a bare table builder have not. RocksDB's always have
/// @param maxBlockBytes what a block may have at the most, as it is stored and in memory
/// @param maxIndexBytes the same for the index, the dictionary and the properties, which are read
///   when the table is opened and kept
/// @param cache of blocks, shared with other tables; null without
public record TableOptions(
    boolean checksumsVerified,
    boolean suffixed,
    long maxBlockBytes,
    long maxIndexBytes,
    @Nullable BlockCache cache) {
  private static final long DEFAULT_MAX_BLOCK_BYTES = 64L << 20;
  private static final long DEFAULT_MAX_INDEX_BYTES = 256L << 20;

  /// Sizes are counted in `int`s below this.
  private static final long LARGEST_BYTES = 1L << 30;

  public TableOptions {
    require("maxBlockBytes", maxBlockBytes);
    require("maxIndexBytes", maxIndexBytes);
  }

  private static void require(String name, long bytes) {
    if (bytes < 1024 || bytes > LARGEST_BYTES) {
      throw new IllegalArgumentException(
          name + " must be from 1024 to " + LARGEST_BYTES + " bytes, not " + bytes);
    }
  }

  /// Checksums are verified; blocks have up to 64 MiB, indexes up to 256 MiB; no cache.
  public static TableOptions defaults() {
    return new TableOptions(true, true, DEFAULT_MAX_BLOCK_BYTES, DEFAULT_MAX_INDEX_BYTES, null);
  }

  public TableOptions withChecksumsVerified(boolean verified) {
    return new TableOptions(verified, suffixed, maxBlockBytes, maxIndexBytes, cache);
  }

  public TableOptions withSuffixed(boolean newSuffixed) {
    return new TableOptions(checksumsVerified, newSuffixed, maxBlockBytes, maxIndexBytes, cache);
  }

  public TableOptions withMaxBlockBytes(long bytes) {
    return new TableOptions(checksumsVerified, suffixed, bytes, maxIndexBytes, cache);
  }

  public TableOptions withMaxIndexBytes(long bytes) {
    return new TableOptions(checksumsVerified, suffixed, maxBlockBytes, bytes, cache);
  }

  public TableOptions withCache(@Nullable BlockCache newCache) {
    return new TableOptions(checksumsVerified, suffixed, maxBlockBytes, maxIndexBytes, newCache);
  }
}
