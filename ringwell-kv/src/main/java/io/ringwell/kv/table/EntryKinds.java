package io.ringwell.kv.table;

import io.ringwell.kv.KvIterator;

/// What entries may be. Those whose meaning takes more than the table are refused.
final class EntryKinds {
  private static final int MASK = 0xff;
  private static final int MERGE = 2;
  private static final int BLOB = 0x11;
  private static final int WIDE_COLUMNS = 0x16;

  /// Bit by kind.
  private static final int KNOWN =
      1 << KvIterator.DELETE | 1 << KvIterator.VALUE | 1 << KvIterator.SINGLE_DELETE;

  private EntryKinds() {}

  /// The kind of the entry that a cursor stands on.
  static int require(DataCursor cursor) throws TableException {
    if (cursor.suffixBytes == 0) {
      return KvIterator.VALUE;
    }
    int kind = (int) cursor.suffix() & MASK;
    if (kind > KvIterator.SINGLE_DELETE || ((KNOWN >>> kind) & 1) == 0) {
      throw refused(kind, cursor);
    }
    return kind;
  }

  private static TableException refused(int kind, DataCursor cursor) {
    String what =
        switch (kind) {
          case MERGE -> "an operand of a merge, and what merges is not known";
          case BLOB -> "a value that lies in a blob file";
          case WIDE_COLUMNS -> "a value of wide columns";
          default -> "of kind " + kind + ", which is not known";
        };
    return cursor.refused(
        "the entry at " + cursor.entryAt + " is " + what, "read the table with RocksDB");
  }
}
