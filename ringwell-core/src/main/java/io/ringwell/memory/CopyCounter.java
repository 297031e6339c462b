package io.ringwell.memory;

import java.util.concurrent.atomic.LongAdder;

/// Counts the payload bytes that were copied in user memory, for the whole process.
///
/// `Bytes`, windows and sinks hand memory on without copying it. Where a copy is made all the same
/// (`Bytes.copyOf`, `toArray`, an adapter to `OutputStream`), it is added here, so that a test can
/// show that a path copies nothing: take [#bytesCopied] before and after. Copies made by the kernel
/// are not counted. Safe from any thread; adding costs a few nanoseconds and allocates nothing in
/// steady state.
public final class CopyCounter {
  private static final LongAdder COPIED = new LongAdder();

  private CopyCounter() {}

  /// Bytes copied since the process started. A moment's value while others copy.
  public static long bytesCopied() {
    return COPIED.sum();
  }

  /// Records a copy of `bytes` bytes that the caller made.
  ///
  /// @throws IllegalArgumentException if `bytes` is negative
  public static void add(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("negative: " + bytes);
    }
    COPIED.add(bytes);
  }
}
