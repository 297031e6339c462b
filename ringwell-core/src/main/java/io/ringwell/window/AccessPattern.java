package io.ringwell.window;

/// What the moves of a reader look like: up, down, or here and there. Pure bookkeeping.
final class AccessPattern {
  private AccessHint hint;
  private long start = -1;
  private long end = -1;
  private int direction;
  private int streak;
  private int jumps;

  AccessPattern(AccessHint hint) {
    this.hint = hint;
  }

  void hint(AccessHint next) {
    hint = next;
  }

  AccessHint hint() {
    return hint;
  }

  /// The reader's window is now the one from `from` to `to`.
  void moved(long from, long to) {
    if (from == start && to == end) {
      return;
    }
    int now = from == end ? 1 : to == start ? -1 : start < 0 && from == 0 ? 1 : 0;
    if (now == 0) {
      jumps = start < 0 ? 0 : jumps + 1;
      streak = 0;
    } else {
      jumps = 0;
      streak = now == direction ? streak + 1 : 1;
    }
    direction = now;
    start = from;
    end = to;
  }

  /// 1 where the next window is likely to be behind this one, -1 where before it, 0 where nobody
  /// knows.
  int direction() {
    return switch (hint) {
      case SEQUENTIAL, ONCE, WHOLE -> 1;
      case BACKWARD -> -1;
      case RANDOM -> 0;
      case AUTOMATIC, REPEATED -> direction;
    };
  }

  /// Windows in a row in the same direction.
  int streak() {
    return streak;
  }

  /// Moves in a row to somewhere else.
  int jumps() {
    return jumps;
  }

  /// Whether windows pass once, one after the other.
  boolean isStreaming() {
    return hint != AccessHint.REPEATED
        && hint != AccessHint.RANDOM
        && direction() != 0
        && (hint != AccessHint.AUTOMATIC || streak > 1);
  }
}
