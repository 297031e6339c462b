package io.ringwell.kv.table;

/// Where a block lies in its file: `size` bytes from `offset` on, and its trailer behind them.
///
/// @param offset in bytes from the file's start
/// @param size in bytes, without the trailer
record BlockHandle(long offset, long size) {
  /// Behind each block: its compression, and four bytes of checksum.
  static final int TRAILER_BYTES = 5;

  /// The end of the trailer.
  long end() {
    return offset + size + TRAILER_BYTES;
  }

  /// Whether block and trailer lie in the first `limit` bytes. Takes any bits.
  static boolean isWithin(long offset, long size, long limit) {
    return offset >= 0
        && size >= 0
        && limit >= TRAILER_BYTES
        && offset <= limit - TRAILER_BYTES
        && size <= limit - TRAILER_BYTES - offset;
  }
}
