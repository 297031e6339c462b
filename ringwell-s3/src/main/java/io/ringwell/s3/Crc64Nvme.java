package io.ringwell.s3;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/// CRC-64/NVME, which the JDK does not have: eight bytes at a time by eight tables (Intel's
/// slicing), in four lanes at once, since each step of one waits for the one before it: 2.5 GB/s
/// where one lane has 1.6. Lanes are joined by [Crc#combine].
///
/// **Threads.** One.
final class Crc64Nvme implements Checksum {
  /// Its lowest power in the highest bit.
  static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;

  /// Of each lane: what joining costs, some hundreds of nanoseconds, is lost in it.
  private static final int LANE_BYTES = 16 << 10;

  private static final int BLOCK_BYTES = 4 * LANE_BYTES;

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Each by itself, so that no step checks more than an index that cannot be out of bounds.
  private static final long[] T0 = new long[256];

  private static final long[] T1 = new long[256];
  private static final long[] T2 = new long[256];
  private static final long[] T3 = new long[256];
  private static final long[] T4 = new long[256];
  private static final long[] T5 = new long[256];
  private static final long[] T6 = new long[256];
  private static final long[] T7 = new long[256];

  static {
    long[][] tables = {T0, T1, T2, T3, T4, T5, T6, T7};
    for (int i = 0; i < T0.length; i++) {
      long crc = i;
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ POLYNOMIAL : crc >>> 1;
      }
      T0[i] = crc;
    }
    for (int table = 1; table < tables.length; table++) {
      for (int i = 0; i < T0.length; i++) {
        long before = tables[table - 1][i];
        tables[table][i] = before >>> Byte.SIZE ^ T0[(int) (before & 0xff)];
      }
    }
  }

  /// Inverted.
  private long state = -1;

  @Override
  public void update(int value) {
    state = state >>> Byte.SIZE ^ T0[(int) ((state ^ value) & 0xff)];
  }

  @Override
  public void update(byte[] bytes, int offset, int length) {
    update(MemorySegment.ofArray(bytes).asSlice(offset, length));
  }

  @Override
  public void update(ByteBuffer bytes) {
    update(MemorySegment.ofBuffer(bytes));
    bytes.position(bytes.limit());
  }

  private void update(MemorySegment memory) {
    long at = 0;
    for (; memory.byteSize() - at >= BLOCK_BYTES; at += BLOCK_BYTES) {
      block(memory, at);
    }
    int rest = (int) (memory.byteSize() - at);
    for (int i = 0; i <= rest - Long.BYTES; i += Long.BYTES) {
      state = step(state ^ memory.get(WORD, at + i));
    }
    for (long last = at + (rest & -Long.BYTES); last < memory.byteSize(); last++) {
      update(memory.get(ValueLayout.JAVA_BYTE, last));
    }
  }

  private void block(MemorySegment memory, long from) {
    long first = state;
    long second = -1;
    long third = -1;
    long fourth = -1;
    for (int i = 0; i < LANE_BYTES; i += Long.BYTES) {
      long at = from + i;
      first = step(first ^ memory.get(WORD, at));
      second = step(second ^ memory.get(WORD, at + LANE_BYTES));
      third = step(third ^ memory.get(WORD, at + 2 * LANE_BYTES));
      fourth = step(fourth ^ memory.get(WORD, at + 3 * LANE_BYTES));
    }
    state = join(join(join(first, second), third), fourth);
  }

  private static long join(long before, long lane) {
    return ~Crc.CRC64NVME.combine(~before, ~lane, LANE_BYTES);
  }

  /// Two halves of two quarters each, so that no step waits for eight in a row.
  private static long step(long word) {
    int low = (int) word;
    int high = (int) (word >>> Integer.SIZE);
    long first = T7[low & 0xff] ^ T6[low >>> 8 & 0xff];
    long second = T5[low >>> 16 & 0xff] ^ T4[low >>> 24];
    long third = T3[high & 0xff] ^ T2[high >>> 8 & 0xff];
    long fourth = T1[high >>> 16 & 0xff] ^ T0[high >>> 24];
    return first ^ second ^ (third ^ fourth);
  }

  @Override
  public long getValue() {
    return ~state;
  }

  @Override
  public void reset() {
    state = -1;
  }
}
