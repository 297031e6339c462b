package io.ringwell.engine;

/// Which operations an engine starts first, and what the block layer is told of them.
///
/// An urgent operation overtakes all that wait in its engine. The ring passes the level on as a
/// best-effort I/O priority (ioprio_set(2)), which schedulers that know priorities heed.
public enum Priority {
  NORMAL(0),
  URGENT(ioPriority(0)),
  BACKGROUND(ioPriority(7));

  /// As ioprio_set(2) encodes it; 0 leaves the thread's own.
  final int encoded;

  Priority(int encoded) {
    this.encoded = encoded;
  }

  private static int ioPriority(int level) {
    int bestEffort = 2;
    return bestEffort << 13 | level;
  }
}
