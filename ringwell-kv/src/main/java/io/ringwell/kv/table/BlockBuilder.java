package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Puts the entries of one block together: prefix-coded keys with their values, and behind them
/// where the keys begin anew.
///
/// Which entries come, in which order and how much their keys have in common is the caller's
/// business. Memory is as large as the largest block so far, and is used for all blocks.
final class BlockBuilder implements AutoCloseable {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// What the three lengths of an entry take at the most.
  private static final int LENGTHS_BYTES = 15;

  private final GrowingMemory memory;
  private final int restartInterval;
  private int size;
  private int[] restarts = new int[16];
  private int restartCount = 1;
  private int sinceRestart;
  private boolean empty = true;

  BlockBuilder(int restartInterval, int expectedBytes) {
    this.restartInterval = restartInterval;
    this.memory = new GrowingMemory(expectedBytes);
  }

  boolean isEmpty() {
    return empty;
  }

  /// How long the block would be now, in bytes.
  int bytes() {
    return size + Integer.BYTES * (restartCount + 1);
  }

  /// How long it would be at the most with one entry more.
  long bytesWith(int keyLength, int valueLength) {
    return (long) bytes() + LENGTHS_BYTES + Long.BYTES + Integer.BYTES + keyLength + valueLength;
  }

  /// Adds an entry of a block of entries: `trailer` belongs to the key, and `shared` bytes of the
  /// key are those of the key before.
  void add(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      long trailer,
      int shared,
      MemorySegment value,
      long valueOffset,
      int valueLength) {
    int common = beginEntry() ? 0 : shared;
    int own = keyLength - common;
    memory.ensure(size + LENGTHS_BYTES + own + Long.BYTES + valueLength, size);
    MemorySegment to = memory.segment();
    long at = putVarint(to, size, common);
    at = putVarint(to, at, own + Long.BYTES);
    at = putVarint(to, at, valueLength);
    MemorySegment.copy(key, keyOffset + common, to, at, own);
    at += own;
    to.set(LONG, at, trailer);
    at += Long.BYTES;
    MemorySegment.copy(value, valueOffset, to, at, valueLength);
    size = (int) at + valueLength;
  }

  /// Adds an entry of a list of meta blocks or properties, whose keys have no trailer.
  void add(byte[] key, byte[] value) {
    beginEntry();
    memory.ensure(size + LENGTHS_BYTES + key.length + value.length, size);
    MemorySegment to = memory.segment();
    long at = putVarint(to, size, 0);
    at = putVarint(to, at, key.length);
    at = putVarint(to, at, value.length);
    MemorySegment.copy(key, 0, to, JAVA_BYTE, at, key.length);
    at += key.length;
    MemorySegment.copy(value, 0, to, JAVA_BYTE, at, value.length);
    size = (int) at + value.length;
  }

  /// Adds an entry of an index whose values are handles without their length, as they are where
  /// handles may be differences; here each is whole, since each key begins anew.
  void addHandle(MemorySegment key, int keyLength, BlockHandle handle) {
    beginEntry();
    memory.ensure(size + LENGTHS_BYTES + keyLength + 20, size);
    MemorySegment to = memory.segment();
    long at = putVarint(to, size, 0);
    at = putVarint(to, at, keyLength);
    MemorySegment.copy(key, 0, to, at, keyLength);
    at = putVarint(to, at + keyLength, handle.offset());
    size = (int) putVarint(to, at, handle.size());
  }

  /// Ends the block, which is the first so many bytes of [#segment] until [#clear]; there is room
  /// for one more behind it.
  int finish() {
    int bytes = bytes();
    memory.ensure(bytes + 1, size);
    MemorySegment to = memory.segment();
    long at = size;
    for (int i = 0; i < restartCount; i++) {
      to.set(INT, at, restarts[i]);
      at += Integer.BYTES;
    }
    to.set(INT, at, restartCount);
    return bytes;
  }

  MemorySegment segment() {
    return memory.segment();
  }

  void clear() {
    size = 0;
    restartCount = 1;
    sinceRestart = 0;
    empty = true;
  }

  /// Whether the entry's key is to be written whole.
  private boolean beginEntry() {
    boolean anew = sinceRestart == restartInterval || empty;
    if (anew && !empty) {
      if (restartCount == restarts.length) {
        restarts = Arrays.copyOf(restarts, restartCount * 2);
      }
      restarts[restartCount++] = size;
      sinceRestart = 0;
    }
    sinceRestart++;
    empty = false;
    return anew;
  }

  /// Seven bits a byte, low ones first; where the number ends.
  static long putVarint(MemorySegment to, long start, long value) {
    long at = start;
    long left = value;
    while ((left & ~0x7FL) != 0) {
      to.set(JAVA_BYTE, at++, (byte) (left | 0x80));
      left >>>= 7;
    }
    to.set(JAVA_BYTE, at++, (byte) left);
    return at;
  }

  @Override
  public void close() {
    memory.close();
  }
}
