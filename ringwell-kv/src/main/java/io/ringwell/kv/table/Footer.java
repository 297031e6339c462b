package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The end of a table file, from which all else is found.
///
/// | format | bytes | holds |
/// |---|---|---|
/// | LevelDB | 48 | handles of the list of meta blocks and of the index, padded; magic |
/// | RocksDB, to version 5 | 53 | kind of checksum; the same handles, padded; version; magic |
/// | RocksDB, from version 6 on | 53 | kind of checksum; `3e 00 7a 00`, checksum of the footer, base of contexts, size of the list of meta blocks, which ends at the footer; reserved; version; magic |
///
/// @param version of the format; 0 for LevelDB
/// @param checksum of the table's blocks
/// @param contextBase what [Checksum#context] takes; 0 where blocks have no context
/// @param metaIndex where the list of meta blocks is
/// @param index where the index is; null from version 6 on: the list of meta blocks tells
record Footer(
    int version,
    TableChecksum checksum,
    int contextBase,
    BlockHandle metaIndex,
    @Nullable BlockHandle index) {
  /// As many of a file's last bytes as a footer may have.
  static final int MOST_BYTES = 53;

  /// With which each kind of file ends.
  private static final long LEVELDB_MAGIC = 0xdb4775248b80fb57L;

  private static final long ROCKSDB_MAGIC = 0x88e241b785f4cff7L;
  private static final long PLAIN_MAGIC = 0x8242229663bf9564L;
  private static final long OLD_PLAIN_MAGIC = 0x4f3418eb7a8f13b8L;
  private static final long CUCKOO_MAGIC = 0x926789d0c5f17873L;

  private static final int LEVELDB_BYTES = 48;
  private static final int HANDLES_BYTES = 40;
  private static final int EXTENDED_MAGIC = 0x007a003e;
  private static final int OLDEST_VERSION = 2;
  private static final int FIRST_WITH_CONTEXT = 6;
  private static final int NEWEST_VERSION = 7;
  private static final String BLOCK = "footer";

  boolean isLevelDb() {
    return version == 0;
  }

  /// @param tail the file's last bytes, all of them up to [#MOST_BYTES]
  /// @param fileSize in bytes
  static Footer parse(String file, MemorySegment tail, long fileSize) throws TableException {
    long length = tail.byteSize();
    if (length < LEVELDB_BYTES) {
      throw new TableException(
          file, 0, BLOCK, "the file has " + fileSize + " bytes", "this is no table");
    }
    long magic = tail.get(BlockCursor.LONG, length - Long.BYTES);
    if (magic == LEVELDB_MAGIC) {
      MemorySegment footer = tail.asSlice(length - LEVELDB_BYTES);
      return ofHandles(file, footer, 0, 0, TableChecksum.CRC32C, fileSize - LEVELDB_BYTES);
    }
    if (magic == ROCKSDB_MAGIC && length >= MOST_BYTES) {
      return ofRocksDb(file, tail.asSlice(length - MOST_BYTES), fileSize - MOST_BYTES);
    }
    String problem = "it ends with 0x" + Long.toHexString(magic);
    throw new TableException(
        file,
        fileSize - Long.BYTES,
        BLOCK,
        magic == PLAIN_MAGIC || magic == OLD_PLAIN_MAGIC || magic == CUCKOO_MAGIC
            ? problem + ", a plain or cuckoo table of RocksDB"
            : problem,
        "only block-based tables of RocksDB and tables of LevelDB can be read");
  }

  private static Footer ofRocksDb(String file, MemorySegment footer, long offset)
      throws TableException {
    int version = footer.get(BlockCursor.INT, 1 + HANDLES_BYTES);
    if (version < OLDEST_VERSION || version > NEWEST_VERSION) {
      throw new TableException(
          file,
          offset,
          BLOCK,
          "the format's version is " + Integer.toUnsignedString(version),
          "versions from " + OLDEST_VERSION + " to " + NEWEST_VERSION + " can be read");
    }
    int code = footer.get(JAVA_BYTE, 0);
    TableChecksum kind = TableChecksum.of(code);
    if (kind == null) {
      throw TableException.damaged(file, offset, BLOCK, "the kind of checksum is " + code);
    }
    return version < FIRST_WITH_CONTEXT
        ? ofHandles(file, footer, 1, version, kind, offset)
        : ofContext(file, footer, version, kind, offset);
  }

  private static Footer ofHandles(
      String file, MemorySegment footer, int at, int version, TableChecksum kind, long offset)
      throws TableException {
    Varints numbers = new Varints().over(footer, at, at + HANDLES_BYTES);
    BlockHandle metaIndex = new BlockHandle(numbers.next(), numbers.next());
    BlockHandle index = new BlockHandle(numbers.next(), numbers.next());
    if (numbers.isBroken()) {
      throw TableException.damaged(file, offset, BLOCK, "its handles are cut off");
    }
    require(file, offset, metaIndex);
    require(file, offset, index);
    return new Footer(version, kind, 0, metaIndex, index);
  }

  private static void require(String file, long offset, BlockHandle handle) throws TableException {
    if (!BlockHandle.isWithin(handle.offset(), handle.size(), offset)) {
      throw TableException.damaged(
          file,
          offset,
          BLOCK,
          "it names a block of " + handle.size() + " bytes at " + handle.offset());
    }
  }

  private static Footer ofContext(
      String file, MemorySegment footer, int version, TableChecksum kind, long offset)
      throws TableException {
    int magic = footer.get(BlockCursor.INT, 1);
    int stored = footer.get(BlockCursor.INT, 5);
    int base = footer.get(BlockCursor.INT, 9);
    long size = Integer.toUnsignedLong(footer.get(BlockCursor.INT, 13));
    long reserved = footer.get(BlockCursor.LONG, 33);
    if (magic != EXTENDED_MAGIC) {
      throw TableException.damaged(
          file, offset, BLOCK, "it has 0x" + Integer.toHexString(magic) + " for its second magic");
    }
    if (base == 0) {
      throw TableException.damaged(file, offset, BLOCK, "its base of contexts is 0");
    }
    if (kind != TableChecksum.NONE) {
      int computed = checksum(footer, kind) + Checksum.context(base, offset);
      if (computed != stored) {
        throw TableException.damaged(
            file,
            offset,
            BLOCK,
            "its checksum is 0x%08x, and 0x%08x is stored".formatted(computed, stored));
      }
    }
    if (reserved != 0) {
      throw new TableException(
          file, offset, BLOCK, "it has a feature of the future", "a newer Ringwell may know it");
    }
    BlockHandle metaIndex = new BlockHandle(offset - BlockHandle.TRAILER_BYTES - size, size);
    require(file, offset, metaIndex);
    return new Footer(version, kind, base, metaIndex, null);
  }

  /// Of the footer with zeros where its checksum is.
  private static int checksum(MemorySegment footer, TableChecksum kind) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(MOST_BYTES).copyFrom(footer);
      copy.set(BlockCursor.INT, 5, 0);
      return new Checksum(kind).compute(copy, 0, MOST_BYTES - 1);
    }
  }
}
