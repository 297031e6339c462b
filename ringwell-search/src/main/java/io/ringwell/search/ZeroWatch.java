package io.ringwell.search;

import java.lang.foreign.MemorySegment;

/// Looks for zero bytes in the blocks of a file, as they come.
///
/// ripgrep fills a buffer of 64 KiB to the last whole line, searches it, and looks for zeros in
/// what it fills in. So lines before a zero that came with it count as binary; which they are is
/// followed here. This is near the truth and not always it where a line is longer than the buffer,
/// and where the zero is in another block than those lines: they have been told of by then.
final class ZeroWatch {
  static final int BUFFER_BYTES = 64 << 10;

  private long bufferStart;
  private long bufferEnd;
  private long lastFeed;

  /// For another file, or for another part of it.
  void start(long position) {
    bufferStart = position;
    bufferEnd = position + BUFFER_BYTES;
    lastFeed = position - 1;
  }

  /// Looks through a block.
  ///
  /// @return whether it has a zero byte; `hits` tells where, and which lines came with it
  boolean look(MemorySegment block, long position, Hits hits) {
    long size = block.byteSize();
    long zero = ByteFinder.first(block, (byte) 0, 0, size);
    long until = zero < 0 ? position + size : position + zero + 1;
    while (bufferEnd <= until - (zero < 0 ? 0 : 1)) {
      long from = Math.max(bufferStart - position, 0);
      long to = bufferEnd - position;
      long feed = to > from ? ByteFinder.last(block, (byte) '\n', from, to) : -1;
      long start = feed >= 0 ? position + feed : lastFeed;
      if (start >= bufferStart) {
        bufferStart = start + 1;
        bufferEnd = bufferStart + BUFFER_BYTES;
      } else {
        bufferEnd += BUFFER_BYTES;
      }
    }
    if (zero >= 0) {
      if (hits.zero < 0) {
        hits.zero = position + zero;
        hits.floor = bufferStart;
      }
      return true;
    }
    long feed = ByteFinder.last(block, (byte) '\n', 0, size);
    lastFeed = feed >= 0 ? position + feed : lastFeed;
    return false;
  }

  /// Makes line feeds of zero bytes.
  static void convert(MemorySegment block) {
    long size = block.byteSize();
    long at = ByteFinder.first(block, (byte) 0, 0, size);
    while (at >= 0) {
      block.set(java.lang.foreign.ValueLayout.JAVA_BYTE, at, (byte) '\n');
      at = ByteFinder.near(block, (byte) 0, at + 1, size);
    }
  }
}
