package io.ringwell.search;

/// How ripgrep 13 fills its buffer from a file that it does not map. What of a file it has told of
/// when it meets the first zero byte depends on that.
///
/// The first read is of three bytes, where a byte order mark might be; the next fill the buffer of
/// 64 KiB behind the rest of a line that the one before left. Each is searched up to its last line
/// feed. One without a line feed is read on, in a buffer three times as large once this is full,
/// which it stays. A zero byte counts for the whole buffer that it came into.
///
/// This goes through the reads of one file, in order; where the file ends first, they end there.
final class FillChain {
  static final int BUFFER_BYTES = 64 << 10;

  /// By how much it grows.
  static final int GROWTH = 3;

  private static final int HEAD_BYTES = 3;

  private long start;
  private long read;
  private long next;
  private long capacity;

  /// Before the first read.
  ///
  /// @param mark bytes of a mark of UTF-8, which is left out
  void begin(int mark) {
    start = mark;
    read = mark;
    capacity = BUFFER_BYTES;
    next = mark == 0 ? HEAD_BYTES : mark + capacity;
  }

  /// Where the buffer begins that the next read goes into: the start of a line. What is before has
  /// been searched.
  long start() {
    return start;
  }

  /// Where the next read begins.
  long read() {
    return read;
  }

  /// Where the next read ends.
  long next() {
    return next;
  }

  /// The next read is done, and met no zero byte.
  ///
  /// @param lastFeed its last line feed; anything before [#read] for none
  void filled(long lastFeed) {
    if (lastFeed >= read) {
      start = lastFeed + 1;
    } else if (next - start == capacity) {
      capacity *= GROWTH;
    }
    read = next;
    next = start + capacity;
  }
}
