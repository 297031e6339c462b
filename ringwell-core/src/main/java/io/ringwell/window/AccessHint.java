package io.ringwell.window;

/// How a reader is going to be used. A hint decides what is read before it is asked for and where
/// that comes from, never what a seek answers.
public enum AccessHint {
  /// The reader finds out as it goes.
  AUTOMATIC,
  /// From lower positions to higher ones.
  SEQUENTIAL,
  /// From higher positions to lower ones.
  BACKWARD,
  /// Here and there: nothing is read ahead, and windows stay small.
  RANDOM,
  /// All of it at once, where it fits into a window.
  WHOLE,
  /// From the start to the end, and not again soon: the page cache need not keep it.
  ONCE,
  /// Some places again and again: as many windows are kept as memory allows.
  REPEATED;

  /// Whether positions mostly go up.
  boolean goesUp() {
    return this == SEQUENTIAL || this == ONCE || this == WHOLE;
  }
}
