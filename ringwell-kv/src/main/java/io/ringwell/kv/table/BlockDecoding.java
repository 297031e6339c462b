package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Verifies and decompresses the blocks of one table. What a block claims of its size is held
/// against a bound before memory is taken for it.
///
/// **Threads.** One at a time: checksums keep state. [Compression] is shared by all of a table.
final class BlockDecoding {
  private final String file;
  private final boolean levelDb;
  private final int contextBase;
  private final @Nullable Checksum checksum;
  private final Compression compression;
  private final long mostBytes;

  /// @param verified whether checksums are looked at
  /// @param mostBytes that a block may have, as it is stored and as it is in memory
  BlockDecoding(
      String file, Footer footer, Compression compression, boolean verified, long mostBytes) {
    this.file = file;
    this.levelDb = footer.isLevelDb();
    this.contextBase = footer.contextBase();
    this.checksum =
        verified && footer.checksum() != TableChecksum.NONE
            ? new Checksum(footer.checksum())
            : null;
    this.compression = compression;
    this.mostBytes = mostBytes;
  }

  /// The size of a block as it is stored, once it was found to be bearable.
  int requireSize(long bytes, long offset, String kind) throws TableException {
    if (bytes > mostBytes) {
      throw new TableException(
          file,
          offset,
          kind,
          "it has " + bytes + " bytes, and " + mostBytes + " are allowed",
          "allow more in the TableOptions if the file is to be trusted");
    }
    return (int) bytes;
  }

  /// Sees that a block is as it was written, and says how it is compressed.
  ///
  /// @param memory has the block at `at`, and its trailer
  TableCompression verify(MemorySegment memory, long at, int size, long offset, String kind)
      throws TableException {
    Checksum sum = checksum;
    if (sum != null) {
      int stored = memory.get(BlockCursor.INT, at + size + 1);
      int computed = sum.compute(memory, at, size) + Checksum.context(contextBase, offset);
      if (stored != computed) {
        throw TableException.damaged(
            file,
            offset,
            kind,
            "its checksum is 0x%08x, and 0x%08x is stored".formatted(computed, stored));
      }
    }
    int code = memory.get(JAVA_BYTE, at + size) & 0xff;
    TableCompression known = levelDb ? TableCompression.ofLevelDb(code) : TableCompression.of(code);
    if (known == null) {
      throw new TableException(
          file,
          offset,
          kind,
          "its compression is number " + code,
          "write the table with none, snappy, zlib, LZ4 or zstd");
    }
    return known;
  }

  /// What a block will have in memory, once it was found to be bearable.
  int decodedLength(
      TableCompression known, MemorySegment memory, long at, int size, long offset, String kind)
      throws TableException {
    try {
      return requireSize(compression.decodedLength(known, memory, at, size), offset, kind);
    } catch (BadBlockException e) {
      throw undecodable(offset, kind, e);
    }
  }

  /// Decompresses a block to the start of `into`.
  void decode(
      TableCompression known,
      MemorySegment memory,
      long at,
      int size,
      MemorySegment into,
      int length,
      long offset,
      String kind)
      throws TableException {
    try {
      compression.decode(known, memory, at, size, into, 0, length);
    } catch (BadBlockException e) {
      throw undecodable(offset, kind, e);
    }
  }

  private TableException undecodable(long offset, String kind, BadBlockException cause) {
    TableException told =
        TableException.damaged(file, offset, kind, Objects.requireNonNull(cause.getMessage()));
    told.initCause(cause);
    return told;
  }
}
