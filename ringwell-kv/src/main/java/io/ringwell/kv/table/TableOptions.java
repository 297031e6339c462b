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
/// @param cache of blocks that are looked up, shared with other tables; null without
/// @param helpers how many threads, besides its own, may verify and decompress blocks for a scan
///   before it comes to them. They belong to all tables of the process together, one fewer than
///   there are processors. 0 is for scans that shall use no processor but the caller's
public record TableOptions(
    boolean checksumsVerified,
    boolean suffixed,
    long maxBlockBytes,
    long maxIndexBytes,
    @Nullable BlockCache cache,
    int helpers) {
  private static final long DEFAULT_MAX_BLOCK_BYTES = 64L << 20;
  private static final long DEFAULT_MAX_INDEX_BYTES = 256L << 20;

  /// Sizes are counted in `int`s below this.
  private static final long LARGEST_BYTES = 1L << 30;

  /// A helper decodes less than three times as slowly as a scan walks.
  private static final int MOST_HELPERS = 3;

  public TableOptions {
    require("maxBlockBytes", maxBlockBytes);
    require("maxIndexBytes", maxIndexBytes);
    if (helpers < 0) {
      throw new IllegalArgumentException("helpers must not be negative, as " + helpers + " is");
    }
  }

  private static void require(String name, long bytes) {
    if (bytes < 1024 || bytes > LARGEST_BYTES) {
      throw new IllegalArgumentException(
          name + " must be from 1024 to " + LARGEST_BYTES + " bytes, not " + bytes);
    }
  }

  /// Checksums are verified; blocks have up to 64 MiB, indexes up to 256 MiB; no cache. A scan has
  /// helpers, up to three, where there is more than one processor.
  public static TableOptions defaults() {
    int others = Runtime.getRuntime().availableProcessors() - 1;
    return new TableOptions(
        true,
        true,
        DEFAULT_MAX_BLOCK_BYTES,
        DEFAULT_MAX_INDEX_BYTES,
        null,
        Math.min(MOST_HELPERS, others));
  }

  public TableOptions withChecksumsVerified(boolean verified) {
    return new TableOptions(verified, suffixed, maxBlockBytes, maxIndexBytes, cache, helpers);
  }

  public TableOptions withSuffixed(boolean newSuffixed) {
    return new TableOptions(
        checksumsVerified, newSuffixed, maxBlockBytes, maxIndexBytes, cache, helpers);
  }

  public TableOptions withMaxBlockBytes(long bytes) {
    return new TableOptions(checksumsVerified, suffixed, bytes, maxIndexBytes, cache, helpers);
  }

  public TableOptions withMaxIndexBytes(long bytes) {
    return new TableOptions(checksumsVerified, suffixed, maxBlockBytes, bytes, cache, helpers);
  }

  public TableOptions withCache(@Nullable BlockCache newCache) {
    return new TableOptions(
        checksumsVerified, suffixed, maxBlockBytes, maxIndexBytes, newCache, helpers);
  }

  public TableOptions withHelpers(int most) {
    return new TableOptions(checksumsVerified, suffixed, maxBlockBytes, maxIndexBytes, cache, most);
  }
}
