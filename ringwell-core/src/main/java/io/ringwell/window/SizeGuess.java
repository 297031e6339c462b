package io.ringwell.window;

/// How much room to give a file whose size nobody asked for: so much that few files are larger,
/// since those are read twice, and no more than most need, since what is kept of a file holds its
/// whole buffer.
///
/// One thread at a time uses it.
final class SizeGuess {
  static final long FIRST_BYTES = 16 << 10;
  static final long LEAST_BYTES = 4 << 10;
  static final long MOST_BYTES = 256 << 10;

  /// Files that one look is about.
  static final int FILES = 64;

  /// Of these so many may be too large: reading one of eight twice costs what is saved otherwise.
  private static final int MOST_TOO_LARGE = FILES / 8;

  private long bytes = FIRST_BYTES;
  private int met;
  private int tooLarge;
  private int needed;

  /// Room for the next file, in bytes.
  long bytes() {
    return bytes;
  }

  /// A read brought so many bytes.
  void met(long read) {
    if (read >= bytes) {
      tooLarge++;
    }
    // Half of the room would not have done.
    if (read >= bytes / 2) {
      needed++;
    }
    if (++met < FILES) {
      return;
    }
    if (tooLarge > MOST_TOO_LARGE) {
      bytes = Math.min(2 * bytes, MOST_BYTES);
    } else if (needed == 0) {
      bytes = Math.max(bytes / 2, LEAST_BYTES);
    }
    met = 0;
    tooLarge = 0;
    needed = 0;
  }
}
