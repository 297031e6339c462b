package io.ringwell.kv.table;

/// Stands in an index: each entry's key is a separator, not before the last key of a block and
/// before the first of the next, and its value says where that block lies.
///
/// From version 4 on the value of an entry that shares bytes of its key is the difference of its
/// block's size to that of the block before, which it follows at once.
final class IndexCursor extends BlockCursor {
  private final boolean differences;
  private final boolean firstKeys;

  /// Where blocks may lie: before this offset in the file.
  private final long limit;

  private final Varints numbers = new Varints();

  /// The block that the entry is about: where it lies, and its size in bytes without the trailer.
  long blockOffset;

  long blockSize;

  /// @param suffixBytes 8 where separators are stored as keys with sequence and kind, else 0
  /// @param differences whether values may be differences, and have no length before them
  /// @param firstKeys whether the first key of the block follows in the value
  /// @param limit before which offset of the file blocks end
  IndexCursor(
      String file,
      String kind,
      int suffixBytes,
      boolean differences,
      boolean firstKeys,
      long limit) {
    super(file, kind, suffixBytes, true);
    this.differences = differences;
    this.firstKeys = firstKeys;
    this.limit = limit;
  }

  @Override
  boolean next() throws TableException {
    int at = nextAt;
    if (at >= keysEnd) {
      return ended();
    }
    int shared = number(at);
    int unshared = number(afterNumber);
    int length = differences ? keysEnd - afterNumber : number(afterNumber);
    if (valuesAt >= 0) {
      throw damaged("it has its values apart, which indexes have not");
    }
    int from = afterNumber;
    takeKey(shared, unshared, from);
    int value = from + unshared;
    if (differences) {
      length = keysEnd - value;
    } else if (length > keysEnd - value) {
      throw damaged("the entry at " + at + " has a value of " + length + " bytes");
    }
    numbers.over(memory, base + value, base + value + length);
    readHandle(differences && shared > 0);
    if (firstKeys) {
      numbers.skip(numbers.next());
    }
    if (numbers.isBroken()) {
      throw damaged("the entry at " + at + " does not say where its block is");
    }
    if (!BlockHandle.isWithin(blockOffset, blockSize, limit)) {
      throw damaged(
          "the entry at "
              + at
              + " has a block of "
              + blockSize
              + " bytes at "
              + blockOffset
              + ", beyond "
              + limit);
    }
    valueAt = value;
    valueLength = differences ? (int) (numbers.position() - base - value) : length;
    entryAt = at;
    nextAt = value + valueLength;
    return true;
  }

  private void readHandle(boolean difference) {
    if (difference) {
      // Both were found to be within the file, so that neither overflows.
      blockOffset += blockSize + BlockHandle.TRAILER_BYTES;
      blockSize += numbers.nextSigned();
    } else {
      blockOffset = numbers.next();
      blockSize = numbers.next();
    }
  }
}
