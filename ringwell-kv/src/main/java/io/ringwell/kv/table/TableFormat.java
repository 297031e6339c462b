package io.ringwell.kv.table;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that was found out about a table when it was opened, and that reading its blocks needs.
///
/// @param file what messages call it
/// @param footer of the file
/// @param properties of the table; none of LevelDB's
/// @param suffixBytes behind each key: 8 where tables belong to a database
/// @param index the index, or its upper level
/// @param indexBytes its size
/// @param indexOffset where in the file it is
/// @param indexKind its number in RocksDB: 0 binary, 1 hash, 2 two-level, 3 with first keys
/// @param separatorSuffixBytes behind each key of the index
/// @param differences whether the index tells sizes as differences
/// @param dictionary that blocks are compressed with; null without
/// @param rangeDeletes whether the table removes ranges of keys
/// @param sequence of all entries, where the table tells one for all; else -1
/// @param dataEnd behind which place of the file there are no entries
record TableFormat(
    String file,
    Footer footer,
    TableProperties properties,
    int suffixBytes,
    MemorySegment index,
    int indexBytes,
    long indexOffset,
    int indexKind,
    int separatorSuffixBytes,
    boolean differences,
    @Nullable MemorySegment dictionary,
    boolean rangeDeletes,
    long sequence,
    long dataEnd) {
  static final String INDEX = "index";
  static final String PARTITION = "part of the index";
  static final String DATA = "data block";

  private static final int TWO_LEVEL = 2;
  private static final int WITH_FIRST_KEYS = 3;

  /// The names of RocksDB's kinds of index, by number.
  private static final List<String> INDEX_KINDS =
      List.of("binary", "hash", "two-level", "first-key");

  /// What the index is called.
  String indexName() {
    return INDEX_KINDS.get(indexKind);
  }

  static boolean isIndexKind(int kind) {
    return kind >= 0 && kind < INDEX_KINDS.size();
  }

  /// Whether the index has two levels.
  boolean partitioned() {
    return indexKind == TWO_LEVEL;
  }

  /// Whether entries of the index tell the first key of their block.
  private boolean hasFirstKeys() {
    return indexKind == WITH_FIRST_KEYS;
  }

  /// A cursor of the index, or of its upper level, before its first entry.
  IndexCursor indexCursor() throws TableException {
    IndexCursor cursor =
        new IndexCursor(
            file,
            INDEX,
            separatorSuffixBytes,
            differences,
            hasFirstKeys(),
            footer.metaIndex().offset());
    cursor.open(index, 0, indexBytes, indexOffset, false);
    return cursor;
  }

  /// A cursor for the lower level of the index, with no block yet.
  IndexCursor partitionCursor() {
    return new IndexCursor(
        file,
        PARTITION,
        separatorSuffixBytes,
        differences,
        hasFirstKeys(),
        footer.metaIndex().offset());
  }

  /// A cursor for entries, with no block yet.
  DataCursor dataCursor() {
    return new DataCursor(file, DATA, suffixBytes);
  }
}
