package io.ringwell.window;

/// Where a file ends that takes whole blocks only (direct I/O). Used with the writer's lock held.
///
/// A claim may end inside a block where the file ends with it. The block is written whole, its rest
/// as zeros, and so for a while the file is longer than its content. [#target] says to what it is
/// to be cut, once nothing is in flight: cutting beside a write further on would cut that, too.
final class FileEnd {
  private final long granularity;

  /// Where the content ends.
  private long size;

  /// The same, with what is claimed and not yet written.
  private long claimed;

  /// Where the furthest block ends that was written for a part of it.
  private long padded;

  FileEnd(long granularity, long size) {
    this.granularity = granularity;
    this.size = size;
    this.claimed = size;
  }

  long granularity() {
    return granularity;
  }

  /// The bytes to write for `length` bytes of content: whole blocks.
  long wide(long length) {
    return Math.addExact(length, granularity - 1) / granularity * granularity;
  }

  /// Where the file will end when all that was committed is written.
  long claimedEnd() {
    return claimed;
  }

  /// Refuses what cannot be written: a start off the grid, or an end that is off the grid and
  /// inside the file.
  ///
  /// @param end where the file ended when this was claimed; nobody else writes there since
  void check(long position, long length, long end) {
    if (position % granularity != 0) {
      throw new IllegalArgumentException(
          "a claim at " + position + ": direct I/O on this file wants multiples of " + granularity);
    }
    if (length % granularity != 0 && position + length < end) {
      throw new IllegalArgumentException(
          "a claim of "
              + length
              + " bytes at "
              + position
              + " inside a file of "
              + end
              + " bytes: direct I/O on this file wants multiples of "
              + granularity
              + ", save at its end");
    }
  }

  void submitted(long position, long length) {
    claimed = Math.max(claimed, position + length);
    if (length % granularity != 0) {
      padded = Math.max(padded, position + wide(length));
    }
  }

  /// @param written bytes of content
  void completed(long position, long written) {
    if (written > 0) {
      size = Math.max(size, position + written);
    }
  }

  /// Whether the file may be longer than its content.
  boolean isPadded() {
    return padded > size;
  }

  /// To what a file that is `physical` bytes long is to be cut; -1 where it is as it should be, or
  /// longer than this writer made it.
  long target(long physical) {
    return physical > size && physical <= padded ? size : -1;
  }

  /// It was cut, or need not be.
  void settled() {
    padded = 0;
    claimed = size;
  }
}
