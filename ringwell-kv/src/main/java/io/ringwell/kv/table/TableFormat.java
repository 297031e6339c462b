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
/// @param index the index, or its upper level, with slack behind
/// @param indexBytes its size
/// @param indexOffset where in the file it is
/// @param partitioned whether the index has two levels
/// @param firstKeys whether entries of the index tell the first key of their block
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
    boolean partitioned,
    boolean firstKeys,
    int separatorSuffixBytes,
    boolean differences,
    @Nullable MemorySegment dictionary,
    boolean rangeDeletes,
    long sequence,
    long dataEnd) {
  static final String INDEX = "index";
  static final String PARTITION = "part of the index";
  static final String DATA = "data block";

  /// The names of RocksDB's kinds of index, by number.
  private static final List<String> INDEX_KINDS =
      List.of("binary", "hash", "two-level", "first-key");

  /// What an index is called, by its number.
  static String indexKind(int kind) {
    return kind >= 0 && kind < INDEX_KINDS.size() ? INDEX_KINDS.get(kind) : "of kind " + kind;
  }

  /// A cursor of the index, or of its upper level, before its first entry.
  IndexCursor indexCursor() throws TableException {
    IndexCursor cursor =
        new IndexCursor(
            file,
            INDEX,
            separatorSuffixBytes,
            differences,
            firstKeys && !partitioned,
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
        firstKeys,
        footer.metaIndex().offset());
  }

  /// A cursor for entries, with no block yet.
  DataCursor dataCursor() {
    return new DataCursor(file, DATA, suffixBytes);
  }
}
