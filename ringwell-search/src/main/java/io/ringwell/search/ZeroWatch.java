package io.ringwell.search;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Looks for zero bytes in the blocks of a file, as they come, and for which lines ripgrep would
/// see together with the first: see [FillChain].
///
/// That is followed in a file that is searched from its start. A part of one does not know how
/// ripgrep's buffer lies there; it tells how long lines may be, which bounds the buffer, and
/// [SplitSearch] finds the rest out where there is a zero byte at all.
///
/// Of text in UTF-16 ripgrep's reads are not followed as closely.
final class ZeroWatch {
  /// Two in a row that each have a line feed have no line of ripgrep's buffer's size.
  static final int CELL_BYTES = FillChain.BUFFER_BYTES / 2;

  private final FillChain chain = new FillChain();
  private boolean part;
  private boolean found;
  private long lastFeed;

  /// For another file, or for a part of it that is not its start.
  void start(boolean part) {
    this.part = part;
    found = false;
    lastFeed = -1;
    chain.begin(0);
  }

  /// Looks through a block.
  ///
  /// @param mark bytes of a mark of UTF-8 that the block starts with
  /// @return whether it has a zero byte
  boolean look(MemorySegment block, long position, int mark, Hits hits) {
    long size = block.byteSize();
    long zero = ByteFinder.first(block, (byte) 0, 0, size);
    if (mark > 0) {
      chain.begin(mark);
    }
    if (part) {
      hits.feedless += feedless(block);
    } else if (!found) {
      follow(block, position, zero < 0 ? position + size : position + zero);
      hits.settled = chain.start();
    }
    if (zero >= 0 && !found) {
      found = true;
      hits.zero = position + zero;
      hits.floor = chain.start();
    }
    return zero >= 0;
  }

  /// Follows the reads that end at `until` at the latest.
  private void follow(MemorySegment block, long position, long until) {
    while (chain.next() <= until) {
      long from = Math.max(chain.read() - position, 0);
      long to = chain.next() - position;
      long feed = to > from ? ByteFinder.last(block, (byte) '\n', from, to) : -1;
      chain.filled(feed >= 0 ? position + feed : lastFeed);
    }
    long feed = ByteFinder.last(block, (byte) '\n', 0, block.byteSize());
    lastFeed = feed >= 0 ? position + feed : lastFeed;
  }

  /// Bytes in cells without a line feed.
  private static long feedless(MemorySegment block) {
    long size = block.byteSize();
    long without = 0;
    for (long from = 0; from < size; from += CELL_BYTES) {
      long to = Math.min(from + CELL_BYTES, size);
      if (ByteFinder.first(block, (byte) '\n', from, to) < 0) {
        without += to - from;
      }
    }
    return without;
  }

  /// Makes line feeds of zero bytes.
  static void convert(MemorySegment block) {
    long size = block.byteSize();
    long at = ByteFinder.first(block, (byte) 0, 0, size);
    while (at >= 0) {
      block.set(ValueLayout.JAVA_BYTE, at, (byte) '\n');
      at = ByteFinder.near(block, (byte) 0, at + 1, size);
    }
  }
}
