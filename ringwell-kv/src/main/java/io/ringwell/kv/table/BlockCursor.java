package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringwell.kv.Keys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Stands in one block of a table, and decodes its entries one after another.
///
/// **Form.** Entries, each a key as a difference to the one before and a value; the offsets of
/// those that have their whole key (restarts); at times a hash index; a word with the number of
/// restarts and bits for what the block has. Bits that nobody knows are refused.
///
/// **Place.** [#entryAt] is where the entry begins that was decoded last, -1 at the block's ends;
/// [#nextAt] is where the one behind begins. All places are bytes from the block's start.
///
/// **Trust.** Nothing in a block is believed: every length is held against what is left before it
/// is used, and every entry's key against the one before. What is wrong throws a [TableException].
///
/// **Memory.** The block's memory is someone else's. Keys are copied by whole words, but nothing
/// behind the block is touched: behind its last key are at least one restart and their number. Keys
/// are put together in memory of the cursor's own, which grows with the longest key, so with the
/// block at the most.
///
/// **Cost.** One entry costs the copy of what its key does not share, and the comparison of one
/// byte with the key before; nothing is allocated.
abstract sealed class BlockCursor permits DataCursor, IndexCursor {
  /// What has to be writable behind a key, which is put together of whole words.
  private static final int SLACK_BYTES = 8;

  /// What follows the key that a user knows: sequence and kind, in eight bytes.
  static final int SUFFIX_BYTES = 8;

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int HASH_INDEX_BIT = 1 << 31;
  private static final int UNIFORM_KEYS_BIT = 1 << 29;
  private static final int SEPARATED_BIT = 1 << 28;
  private static final int RESTARTS_MASK = SEPARATED_BIT - 1;

  private static final int FIRST_KEY_BYTES = 256;

  /// Copies that are longer go to a call: below, its setting up costs more than it wins.
  private static final int WORDS_BYTES = 64;

  private final String file;
  private final String kind;

  /// How many bytes behind each key are not the user's: [#SUFFIX_BYTES] or 0.
  final int suffixBytes;

  /// Whether two keys one after another may be equal.
  private final boolean equalAllowed;

  private long fileOffset;
  MemorySegment memory = MemorySegment.NULL;

  /// Where in [#memory] the block begins.
  long base;

  /// Where keys end: with separated values those follow, else the restarts.
  int keysEnd;

  /// Where the values begin, if they are apart; else -1.
  int valuesAt = -1;

  private int restartsAt;
  private int restarts;

  /// The restart that is next, or now; for separated values, which begin anew there.
  private int restartHint;

  int entryAt = -1;
  int nextAt;

  /// How many bytes of the key before can be shared: none where the block begins, or after a jump.
  int sharable;

  /// The key's length, its suffix included; -1 where it is unknown which entry was before.
  int keyLength = -1;

  MemorySegment key = Arena.ofAuto().allocate(FIRST_KEY_BYTES, Long.BYTES);
  private MemorySegment spareKey = MemorySegment.NULL;

  private long suffix;

  /// The key behind the one that a step back is looking for, where that is in another part of the
  /// block or in another block; its length, or -1 without.
  private MemorySegment laterKey = MemorySegment.NULL;

  private int laterLength = -1;

  int valueAt;
  int valueLength;

  BlockCursor(String file, String kind, int suffixBytes, boolean equalAllowed) {
    this.file = file;
    this.kind = kind;
    this.suffixBytes = suffixBytes;
    this.equalAllowed = equalAllowed;
  }

  // ---- the block

  /// Stands before the first entry of another block. Where it follows the one before, and that was
  /// read to its end, its first key is held against the last of that one.
  ///
  /// @param size in bytes, which are within `segment`
  /// @param follows whether the key that was decoded last is the one before this block
  void open(MemorySegment segment, long from, int size, long offsetInFile, boolean follows)
      throws TableException {
    fileOffset = offsetInFile;
    memory = segment;
    base = from;
    entryAt = -1;
    nextAt = 0;
    sharable = 0;
    restartHint = 0;
    if (!follows) {
      keyLength = -1;
    }
    readEnd(size);
  }

  private void readEnd(int size) throws TableException {
    keysEnd = 0;
    restarts = 0;
    int end = size - Integer.BYTES;
    if (end < 0) {
      throw damaged("it has " + size + " bytes, too few for a block");
    }
    int packed = memory.get(INT, base + end);
    restarts = packed & RESTARTS_MASK;
    if ((packed & ~(RESTARTS_MASK | HASH_INDEX_BIT | UNIFORM_KEYS_BIT | SEPARATED_BIT)) != 0) {
      throw refused(
          "its last word 0x" + Integer.toHexString(packed) + " has a bit that is not known",
          "a newer version of Ringwell may know it");
    }
    int values = -1;
    if ((packed & SEPARATED_BIT) != 0) {
      end -= Integer.BYTES;
      values = end < 0 ? -1 : memory.get(INT, base + end);
      if (values < 0) {
        throw damaged("its values begin nowhere");
      }
    }
    if ((packed & HASH_INDEX_BIT) != 0) {
      end -= Short.BYTES;
      int buckets = end < 0 ? 0 : Short.toUnsignedInt(memory.get(SHORT, base + end));
      if (buckets == 0 || buckets > end) {
        throw damaged("its hash index does not fit");
      }
      end -= buckets;
    }
    long at = end - (long) Integer.BYTES * restarts;
    if (at < 0 || (restarts == 0 && at > 0)) {
      throw damaged("it says that it has " + restarts + " restarts, in " + size + " bytes");
    }
    if (values > at) {
      throw damaged("its values begin at " + values + ", behind its entries");
    }
    restartsAt = (int) at;
    valuesAt = values;
    keysEnd = values < 0 ? restartsAt : values;
  }

  /// Where the whole key of restart `index` begins.
  private int restart(int index) throws TableException {
    int at = memory.get(INT, base + restartsAt + (long) Integer.BYTES * index);
    if (at < 0 || at > keysEnd) {
      throw damaged("restart " + index + " is at " + Integer.toUnsignedString(at));
    }
    return at;
  }

  /// Whether a restart is where an entry begins, going forwards.
  final boolean isRestart(int at) throws TableException {
    while (restartHint < restarts && restart(restartHint) < at) {
      restartHint++;
    }
    return restartHint < restarts && restart(restartHint) == at;
  }

  /// Has no block any more, and so no entry.
  final void reset() {
    memory = MemorySegment.NULL;
    keysEnd = 0;
    valuesAt = -1;
    restarts = 0;
    toEnd();
  }

  /// Where values end that are apart.
  final int valuesEnd() {
    return restartsAt;
  }

  /// The block's memory is elsewhere now, byte for byte.
  final void rebase(MemorySegment segment, long from) {
    memory = segment;
    base = from;
  }

  // ---- entries

  /// Decodes the entry at [#nextAt]; false at the block's end.
  abstract boolean next() throws TableException;

  /// Reads a number of up to 32 bits at `at`, and leaves [#afterNumber] behind it.
  final int number(int at) throws TableException {
    int value = 0;
    int place = at;
    for (int shift = 0; shift < 35; shift += 7) {
      if (place >= keysEnd) {
        break;
      }
      byte each = memory.get(JAVA_BYTE, base + place++);
      value |= (each & 0x7f) << shift;
      if (each >= 0) {
        if (value < 0 || (shift == 28 && each > 0xf)) {
          break;
        }
        afterNumber = place;
        return value;
      }
    }
    throw damaged("a length at " + at + " is cut off or too large");
  }

  int afterNumber;

  /// Puts the key together of `shared` bytes of the one before and `unshared` from `from` on, and
  /// sees that it is behind the one before. Both are not negative.
  final void takeKey(int shared, int unshared, int from) throws TableException {
    if (shared > sharable || unshared > keysEnd - from) {
      throw damaged(
          "the entry at " + nextAt + " has a key of " + shared + " and " + unshared + " bytes");
    }
    int length = shared + unshared;
    int user = length - suffixBytes;
    if (user < 0) {
      throw damaged("the entry at " + nextAt + " has a key of " + length + " bytes");
    }
    int before = keyLength;
    if (before < 0
        || (shared < Math.min(user, before - suffixBytes)
            && (key.get(JAVA_BYTE, shared) & 0xff) < (memory.get(JAVA_BYTE, base + from) & 0xff))) {
      append(shared, unshared, from);
    } else {
      takeKeySlowly(shared, unshared, from);
    }
    // From where the key's end is stored, if it is: the copy was written a moment ago in other
    // words, and would be waited for.
    if (suffixBytes > 0) {
      suffix =
          unshared >= SUFFIX_BYTES
              ? memory.get(LONG, base + from + unshared - SUFFIX_BYTES)
              : key.get(LONG, length - SUFFIX_BYTES);
    }
    keyLength = length;
    sharable = length;
  }

  private void append(int shared, int unshared, int from) {
    int length = shared + unshared;
    if (length + SLACK_BYTES > key.byteSize()) {
      MemorySegment larger = room(length);
      MemorySegment.copy(key, 0, larger, 0, shared);
      key = larger;
    }
    copy(key, shared, unshared, from);
  }

  private void copy(MemorySegment into, int at, int length, int from) {
    if (length <= WORDS_BYTES) {
      for (int i = 0; i < length; i += Long.BYTES) {
        into.set(LONG, at + i, memory.get(LONG, base + from + i));
      }
    } else {
      MemorySegment.copy(memory, base + from, into, at, length);
    }
  }

  private static MemorySegment room(int keyBytes) {
    long room = Math.max(FIRST_KEY_BYTES, 2L * keyBytes);
    return Arena.ofAuto().allocate(room + SLACK_BYTES, Long.BYTES);
  }

  /// Where one byte does not tell: at restarts, among versions of one key, and where something is
  /// wrong.
  private void takeKeySlowly(int shared, int unshared, int from) throws TableException {
    int length = shared + unshared;
    if (length + SLACK_BYTES > spareKey.byteSize()) {
      spareKey = room(length);
    }
    MemorySegment made = spareKey;
    MemorySegment.copy(key, 0, made, 0, shared);
    copy(made, shared, unshared, from);
    int order = compare(key, keyLength, made, length, suffixBytes);
    if (order > 0 || (order == 0 && !equalAllowed)) {
      throw damaged("the key of the entry at " + nextAt + " is not behind the one before");
    }
    spareKey = key;
    key = made;
  }

  /// The order of keys as they are stored: by the user's part, then the newer first.
  static int compare(MemorySegment a, int aLength, MemorySegment b, int bLength, int suffixBytes) {
    int aUser = aLength - suffixBytes;
    int bUser = bLength - suffixBytes;
    int order = Keys.compare(a, 0, aUser, b, 0, bUser);
    if (order != 0 || suffixBytes == 0) {
      return order;
    }
    return Long.compareUnsigned(b.get(LONG, bUser), a.get(LONG, aUser));
  }

  /// The length of the part of the key that is the user's.
  final int userLength() {
    return keyLength - suffixBytes;
  }

  /// Sequence and kind of the entry's key.
  final long suffix() {
    return suffix;
  }

  // ---- moving

  final boolean isOnEntry() {
    return entryAt >= 0;
  }

  private void jump(int restart) throws TableException {
    entryAt = -1;
    nextAt = restart(restart);
    restartHint = restart;
    sharable = 0;
    keyLength = -1;
  }

  /// Decodes the first entry whose user key is not before `target`, or, where `behind`, is behind
  /// it; false where there is none, and then it stands at the block's end.
  final boolean seek(MemorySegment target, int length, boolean behind) throws TableException {
    forgetLater();
    int low = 0;
    int high = restarts - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      jump(middle);
      if (next() && isBefore(target, length, behind)) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    if (restarts == 0) {
      return ended();
    }
    jump(low);
    while (next()) {
      if (!isBefore(target, length, behind)) {
        return true;
      }
    }
    return false;
  }

  private boolean isBefore(MemorySegment target, int length, boolean behind) {
    int order = compareUser(target, length);
    return order < 0 || (behind && order == 0);
  }

  /// The entry's user key against another.
  final int compareUser(MemorySegment other, int length) {
    return Keys.compare(key, 0, userLength(), other, 0, length);
  }

  final void toStart() throws TableException {
    if (restarts == 0) {
      toEnd();
      return;
    }
    jump(0);
    if (nextAt != 0) {
      throw damaged("its first restart is at " + nextAt);
    }
  }

  final void toEnd() {
    entryAt = -1;
    nextAt = keysEnd;
    sharable = 0;
    keyLength = -1;
  }

  /// Keeps the key of the entry that a step back leaves, so that the next one can be held against
  /// it.
  private void keepLater() {
    if (entryAt >= 0 && keyLength >= 0) {
      MemorySegment free = laterKey;
      laterKey = key;
      laterLength = keyLength;
      key = free.byteSize() == 0 ? room(0) : free;
      keyLength = -1;
    }
  }

  /// What is decoded next does not lie before what was.
  final void forgetLater() {
    laterLength = -1;
  }

  private void checkLater() throws TableException {
    int later = laterLength;
    laterLength = -1;
    if (later >= 0) {
      int order = compare(key, keyLength, laterKey, later, suffixBytes);
      if (order > 0 || (order == 0 && !equalAllowed)) {
        throw damaged("the key of the entry at " + entryAt + " is not before the one behind");
      }
    }
  }

  /// Decodes the entry before `limit`, where an entry begins or the block ends; false, standing at
  /// the start, where there is none.
  final boolean previous(int limit) throws TableException {
    if (limit == 0) {
      keepLater();
      toStart();
      return false;
    }
    int low = 0;
    int high = restarts - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (restart(middle) < limit) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    if (low < restarts - 1 && restart(low + 1) == limit) {
      keepLater();
    }
    jump(low);
    do {
      if (!next()) {
        throw damaged("no entry ends at " + limit);
      }
    } while (nextAt < limit);
    if (nextAt > limit) {
      throw damaged("the entry at " + entryAt + " goes beyond " + limit);
    }
    checkLater();
    return true;
  }

  /// Where the entry begins that a step backwards has to end before.
  final int limit() {
    return entryAt >= 0 ? entryAt : nextAt;
  }

  /// Ends at the block's end.
  final boolean ended() {
    entryAt = -1;
    nextAt = keysEnd;
    return false;
  }

  // ---- errors

  final TableException damaged(String problem) {
    return TableException.damaged(file, fileOffset, kind, problem);
  }

  final TableException refused(String problem, String remedy) {
    return new TableException(file, fileOffset, kind, problem, remedy);
  }
}
