package io.ringwell.kv.table;

import java.lang.foreign.MemorySegment;

/// Compresses blocks one after the other. One thread at a time.
interface BlockEncoder extends AutoCloseable {
  /// Room that a call may need in the target for a block of `length` bytes, in bytes.
  int room(int length);

  /// Compresses the first `length` bytes of `source` to `target`, from `targetOffset` on.
  ///
  /// @param most above which it need not be finished
  /// @return how many bytes it takes, or -1 where that is more than `most`
  int encode(MemorySegment source, int length, MemorySegment target, long targetOffset, int most);

  @Override
  void close();
}
