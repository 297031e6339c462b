package io.ringwell.s3;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// The pieces of a chain, for those who sum them up.
final class Fragments {
  /// A `ByteBuffer` takes no more than 2 GiB.
  private static final long MOST_AT_ONCE = 1L << 30;

  private Fragments() {}

  /// In order, in place.
  static void each(BytesChain bytes, Consumer<ByteBuffer> sum) {
    for (Bytes piece : bytes.fragments()) {
      MemorySegment memory = piece.segment();
      for (long at = 0; at < memory.byteSize(); at += MOST_AT_ONCE) {
        sum.accept(
            memory.asSlice(at, Math.min(MOST_AT_ONCE, memory.byteSize() - at)).asByteBuffer());
      }
    }
  }
}
