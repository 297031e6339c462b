package io.ringwell.window;

import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What readers of this process have read of one file, or are reading, and how that gets along with
/// claims on it. One for a file, shared by its readers, counted.
///
/// A window that is copied is a snapshot, so no claim has to wait for it. What must not meet a
/// write is the read that fills it; and what was read before a write is not to be shown after it.
/// So a read enters [FileRanges] for as long as somebody has its bytes.
///
/// * **A read never begins on a claim.** Whoever wants it waits for its [Turn].
/// * **A claim never waits for a read.** A read that a new claim meets gives way: it leaves the
///   range at once, whatever the kernel is doing, and is outdated: its bytes are shown to no
///   further seek, and read again behind the claim. So nothing hangs on a reader that nobody asks
///   any more.
///
/// A claim that meets one read outdates all reads of the file: it does not say where it is. That
/// costs their repetition, never their bytes.
///
/// **Threads.** Any. The lock of this is taken before that of the ranges, never the other way.
final class FileReads implements FileRange.Owner {
  private static final ConcurrentHashMap<Object, FileReads> OPEN = new ConcurrentHashMap<>();

  private final Object identity;
  private final FileRanges ranges;

  /// Changed inside `OPEN.compute` alone.
  private int users;

  /// With the lock held.
  private @Nullable FileRead first;

  private FileReads(Object identity) {
    this.identity = identity;
    this.ranges = FileRanges.open(identity);
  }

  /// The one of this file, which the caller closes.
  ///
  /// @param identity equal for the same file, as [FileIdentity] makes it
  static FileReads open(Object identity) {
    return OPEN.compute(
        identity,
        (key, known) -> {
          FileReads reads = known == null ? new FileReads(key) : known;
          reads.users++;
          return reads;
        });
  }

  /// The caller, who has left with all reads, is done with it.
  void close() {
    OPEN.computeIfPresent(
        identity,
        (key, known) -> {
          if (--known.users > 0) {
            return known;
          }
          known.ranges.close();
          return null;
        });
  }

  FileRanges ranges() {
    return ranges;
  }

  /// A read of `length` bytes from `from` on begins, until [#leave]. Never blocks, allocates
  /// nothing.
  ///
  /// @return false where a claim is there
  /// @throws IllegalStateException where one is there and `overlap` says to refuse
  boolean enter(FileRead read, long from, long length, Overlap overlap) {
    link(read);
    boolean entered = false;
    try {
      entered = ranges.tryEnterRead(read.range, from, length, overlap);
      if (entered) {
        // A claim that waits asks us, and does not wait for the reader.
        ranges.committed(read.range);
      }
      return entered;
    } finally {
      if (!entered) {
        leave(read);
      }
    }
  }

  /// Throws what a read of a range is refused with; returns where the claim has gone meanwhile.
  static void refuse(@Nullable FileReads reads, long from, long length) {
    FileRead probe = new FileRead(Objects.requireNonNull(reads));
    if (probe.reads.enter(probe, from, length, Overlap.REFUSE)) {
      probe.leave();
    }
  }

  /// Parks until no claim is where the read wants to be; another may be there by then.
  void await(FileRead read, long from, long length) throws InterruptedIOException {
    link(read);
    try {
      ranges.enterRead(read.range, from, length, Overlap.WAIT);
    } finally {
      leave(read);
    }
  }

  private synchronized void link(FileRead read) {
    FileRead next = first;
    read.before = null;
    read.after = next;
    if (next != null) {
      next.before = read;
    }
    first = read;
    read.linked = true;
    read.outdated = false;
  }

  /// Its bytes are gone, or nobody wants them any more. Once more does nothing.
  synchronized void leave(FileRead read) {
    if (!read.linked) {
      return;
    }
    FileRead before = read.before;
    FileRead after = read.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after != null) {
      after.before = before;
    }
    read.before = null;
    read.after = null;
    read.linked = false;
    if (read.range.isEntered()) {
      ranges.exit(read.range);
    }
  }

  /// Nothing closes under a read: its reader waits for it.
  @Override
  public void requireOpen() {}

  /// A claim meets a read: all of them give way.
  @Override
  public synchronized void progress() {
    for (FileRead read = first; read != null; read = read.after) {
      giveWay(read);
    }
  }

  /// The same where a claim would wait. Does not wait.
  @Override
  public void awaitExit(FileRange range, int use) {
    progress();
  }

  private void giveWay(FileRead read) {
    if (read.range.isEntered()) {
      read.outdated = true;
      ranges.exit(read.range);
    }
  }
}
