package io.ringwell.search;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Lines that match, copied from one stretch of a file, and what else was seen there. Filled by one
/// thread, then read by one.
final class Hits {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private byte[] bytes = new byte[256];
  private int filled;
  private int[] ends = new int[16];
  private long[] starts = new long[16];
  private long[] numbers = new long[16];
  private int count;

  /// Lines that match, kept or not.
  long matched;

  /// Line feeds of the stretch, where they are counted.
  long feeds;

  /// The first zero byte of the stretch; -1 for none.
  long zero = -1;

  /// The first line that ripgrep would see together with that zero starts here or behind.
  long floor = Long.MAX_VALUE;

  /// No zero behind the stretch belongs to lines that start before this.
  long settled = Long.MAX_VALUE;

  /// Bytes in stretches of [ZeroWatch#CELL_BYTES] without a line feed, where they are counted.
  long feedless;

  /// The first of the lines kept that has a zero byte, and where that is; -1 for none.
  int lineWithZero = -1;

  long zeroInLine = -1;

  /// For another stretch.
  void clear() {
    filled = 0;
    count = 0;
    matched = 0;
    feeds = 0;
    zero = -1;
    floor = Long.MAX_VALUE;
    settled = Long.MAX_VALUE;
    feedless = 0;
    lineWithZero = -1;
    zeroInLine = -1;
  }

  int count() {
    return count;
  }

  /// Where in the file the line starts.
  long start(int line) {
    return starts[line];
  }

  /// How many line feeds of the stretch lie before it.
  long number(int line) {
    return numbers[line];
  }

  byte[] bytes() {
    return bytes;
  }

  int from(int line) {
    return line == 0 ? 0 : ends[line - 1];
  }

  int to(int line) {
    return ends[line];
  }

  /// Keeps a line, with its line feed where it has one.
  void add(MemorySegment in, long from, long to, long start) {
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
      starts = Arrays.copyOf(starts, 2 * count);
      numbers = Arrays.copyOf(numbers, 2 * count);
    }
    if (to - from > MAX_BYTES - filled) {
      throw new OutOfMemoryError("a line that matches is longer than an array");
    }
    int length = (int) (to - from);
    if (filled + length > bytes.length) {
      long larger = Math.min(MAX_BYTES, Math.max(2L * bytes.length, filled + (long) length));
      bytes = Arrays.copyOf(bytes, (int) larger);
    }
    MemorySegment.copy(in, ValueLayout.JAVA_BYTE, from, bytes, filled, length);
    filled += length;
    if (lineWithZero < 0) {
      long zeroAt = ByteFinder.near(in, (byte) 0, from, to);
      if (zeroAt >= 0) {
        lineWithZero = count;
        zeroInLine = start + zeroAt - from;
      }
    }
    starts[count] = start;
    numbers[count] = feeds;
    ends[count++] = filled;
  }
}
