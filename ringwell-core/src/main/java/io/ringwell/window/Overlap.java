package io.ringwell.window;

/// What becomes of a claim that overlaps another claim, or a window, on the same file in this
/// process.
public enum Overlap {
  /// It is refused with [IllegalStateException], which names both ranges.
  REFUSE,
  /// It waits until the other has gone: a claim when it is aborted, or committed and written; a
  /// window when it is left. A thread that waits for a claim or window of its own waits until it is
  /// interrupted, or the writer that it waits with is closed.
  WAIT
}
