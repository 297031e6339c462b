package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

/// Stands in a block of entries whose values have their length before them: data, properties, the
/// list of meta blocks, removed ranges.
final class DataCursor extends BlockCursor {
  /// The high bits of three numbers of one byte each.
  private static final int THREE_HIGH_BITS = 0x808080;

  /// @param suffixBytes 8 where a sequence and a kind follow each key, else 0
  DataCursor(String file, String kind, int suffixBytes) {
    super(file, kind, suffixBytes, false);
  }

  @Override
  boolean next() throws TableException {
    int at = nextAt;
    if (at >= keysEnd) {
      return ended();
    }
    int shared;
    int unshared;
    int length;
    int from;
    int word = memory.get(INT, base + at);
    if ((word & THREE_HIGH_BITS) == 0 && keysEnd - at >= 3) {
      shared = word & 0x7f;
      unshared = (word >>> 8) & 0x7f;
      length = (word >>> 16) & 0x7f;
      from = at + 3;
    } else {
      shared = number(at);
      unshared = number(afterNumber);
      length = number(afterNumber);
      from = afterNumber;
    }
    if (valuesAt >= 0) {
      return nextOfSeparated(shared, unshared, length, from);
    }
    takeKey(shared, unshared, from);
    int value = from + unshared;
    if (length > keysEnd - value) {
      throw damaged("the entry at " + at + " has a value of " + length + " bytes");
    }
    valueAt = value;
    valueLength = length;
    entryAt = at;
    nextAt = value + length;
    return true;
  }

  /// Values lie behind all keys, one after another; at restarts it is said where.
  private boolean nextOfSeparated(int shared, int unshared, int length, int keyFrom)
      throws TableException {
    int at = nextAt;
    int from = keyFrom;
    int value;
    if (isRestart(at)) {
      int offset = number(from);
      from = afterNumber;
      value = offset > valuesEnd() - valuesAt ? -1 : valuesAt + offset;
    } else {
      value = valueAt + valueLength;
    }
    if (value < 0 || length > valuesEnd() - value) {
      throw damaged("the entry at " + at + " has a value of " + length + " bytes");
    }
    takeKey(shared, unshared, from);
    valueAt = value;
    valueLength = length;
    entryAt = at;
    nextAt = from + unshared;
    return true;
  }

  /// A copy of the entry's value.
  byte[] value() {
    return memory.asSlice(base + valueAt, valueLength).toArray(JAVA_BYTE);
  }
}
