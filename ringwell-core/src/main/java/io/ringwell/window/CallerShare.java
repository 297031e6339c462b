package io.ringwell.window;

/// Which files the thread that hands files to an engine reads itself, while the engine has enough
/// to do: one in so many, where they are cached.
///
/// A ring's thread spends nearly all of its time in the kernel, and the thread that feeds it waits
/// most of the time: with one in ten, one ring got a tenth more done. A file read here costs four
/// system calls, and in a batch of the ring's a tenth of one: so it is a share, and no more than
/// keeps them below half of one a file.
///
/// After a miss the next so many are left out, ever more of them: cold files cost next to nothing.
///
/// One thread at a time uses it.
final class CallerShare {
  static final int ONE_IN = 11;
  static final int MOST_LEFT_OUT = 64;

  private int since;
  private int leftOut;
  private int left;

  /// Whether to try the next file here.
  ///
  /// @param inFlight files that the engine has
  /// @param limit of these
  boolean isDue(int inFlight, int limit) {
    since++;
    if (since < ONE_IN || 2 * inFlight <= limit) {
      return false;
    }
    since = 0;
    if (left > 0) {
      left--;
      return false;
    }
    return true;
  }

  /// A try was worth it, or not.
  void tried(boolean hit) {
    leftOut = hit ? 0 : Math.min(2 * leftOut + 1, MOST_LEFT_OUT);
    left = leftOut;
  }
}
