package io.ringwell.window;

import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/// The part of a file that one window or one claim covers, as [FileRanges] knows it. Its owner uses
/// it again and again, so entering and leaving allocate nothing.
///
/// | state | whose move is next |
/// |---|---|
/// | out | the owner enters |
/// | entered | the user closes or commits |
/// | entered and committed | the kernel, whose completion the [Owner] books |
final class FileRange {
  /// Who books the completions that end committed ranges.
  interface Owner {
    /// Refuses to wait for a range any longer once the owner is closed. Takes no lock.
    ///
    /// @throws IllegalStateException where it is closed
    void requireOpen();

    /// Books what has completed. Never blocks.
    void progress();

    /// Parks until this use of `range` has ended.
    void awaitExit(FileRange range, int use) throws InterruptedIOException;
  }

  private final String what;
  final @Nullable Owner owner;

  // Written with the lock of the FileRanges held, read by owners without.
  private volatile boolean entered;
  private volatile int use;

  // All below: with that lock held.
  boolean writing;
  boolean committed;
  long from;
  long to;
  @Nullable FileRange before;
  @Nullable FileRange after;

  /// @param what for messages, such as `window`
  /// @param owner null where a range ends by its user's doing alone, as a window does
  FileRange(String what, @Nullable Owner owner) {
    this.what = what;
    this.owner = owner;
  }

  void entered() {
    int next = use + 1;
    use = next;
    committed = false;
    entered = true;
  }

  void exited() {
    entered = false;
  }

  boolean isEntered() {
    return entered;
  }

  int use() {
    return use;
  }

  /// Whether that use has ended.
  boolean isOver(int thatUse) {
    return !entered || use != thatUse;
  }

  boolean overlaps(long otherFrom, long otherTo) {
    return from < otherTo && otherFrom < to;
  }

  String describe(long start, long end) {
    return what + " [" + start + ", " + end + ")";
  }

  @Override
  public String toString() {
    return describe(from, to);
  }
}
