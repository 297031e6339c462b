package io.ringwell.window;

/// How large the next window is: fixed, or adapted to the moves. Pure arithmetic.
///
/// Adaptive windows start small, double with each step in one direction up to what the plan says,
/// and are halved after two jumps in a row, since a jump uses little of what was read.
final class WindowSizer {
  /// Four pages: below that a call costs more than what it copies.
  private static final long SMALLEST = 16 << 10;

  private static final long FIRST = 64 << 10;
  private static final int JUMPS_TO_SHRINK = 2;

  private final long granularity;
  private final long maxWindow;
  private long fixed;
  private long adapted;
  private long largest;

  /// @param maxWindow the largest window, in bytes
  WindowSizer(long granularity, long maxWindow) {
    this.granularity = granularity;
    this.maxWindow = maxWindow - maxWindow % granularity;
    this.largest = this.maxWindow;
    this.adapted = Math.clamp(FIRST, smallest(), this.maxWindow);
  }

  long maxWindow() {
    return maxWindow;
  }

  /// The size below which adaptive windows do not go, or the fixed one.
  long smallest() {
    return fixed != 0 ? fixed : Math.min(maxWindow, Math.max(granularity, SMALLEST));
  }

  /// @param bytes 0 for adaptive ones
  /// @throws IllegalArgumentException where it is no multiple of the granularity, or too large
  void fix(long bytes) {
    if (bytes < 0 || bytes % granularity != 0 || bytes > maxWindow) {
      throw new IllegalArgumentException(
          "a window is a multiple of "
              + granularity
              + " bytes, at most "
              + maxWindow
              + ", or 0 for adaptive ones, not "
              + bytes);
    }
    fixed = bytes;
  }

  /// Takes over what a plan says.
  ///
  /// @param atOnce whether to use its size from the start
  void plan(long window, boolean atOnce) {
    largest = Math.max(smallest(), Math.min(window - window % granularity, maxWindow));
    adapted = atOnce ? largest : Math.min(adapted, largest);
  }

  /// The size now, in bytes.
  long size() {
    return fixed != 0 ? fixed : adapted;
  }

  /// Learns from a move.
  void moved(AccessPattern pattern) {
    if (pattern.streak() > 0) {
      adapted = Math.min(largest, 2 * adapted);
    } else if (pattern.jumps() >= JUMPS_TO_SHRINK && pattern.direction() == 0) {
      long half = adapted / 2;
      adapted = Math.max(Math.min(smallest(), largest), half - half % granularity);
    }
  }
}
