package io.ringwell.window;

import io.ringwell.engine.OpenFlag;
import io.ringwell.file.OpenOptions;
import java.util.Objects;

/// How a [ManagedWriter] is opened, and its bounds. Start from [#defaults()] or [#direct()].
/// Checked here and once more when the file is open; never again for a claim.
///
/// @param file how the file is opened. Not to append: a claim has a position
/// @param maxClaim the largest claim, in bytes. Direct I/O wants a multiple of the file's
///   granularity
/// @param maxInFlightBytes how many bytes may be claimed or on their way to the device, in all:
///   over that, [ManagedWriter#beginWrite] parks
/// @param keepBytes how much memory the writer keeps of claims that are done, for its next ones, in
///   bytes. What is not kept goes back to the engine's pool with the kernel's completion
/// @param overlap what becomes of a claim that overlaps another, or a window
/// @param lock whether the writer holds an advisory lock on the whole file, exclusively, from open
///   to close: one of the open file description (fcntl(2)), which holds between processes
public record WriterOptions(
    OpenOptions file,
    long maxClaim,
    long maxInFlightBytes,
    long keepBytes,
    Overlap overlap,
    boolean lock) {

  /// As long as one attempt of the engine: a longer claim gains nothing and holds up others.
  private static final long DEFAULT_MAX_CLAIM = 1 << 20;

  /// Eight of the largest: enough to keep a device busy while the next is filled.
  private static final long DEFAULT_IN_FLIGHT = 8 << 20;

  /// Sixteen claims of 64 KiB.
  private static final long DEFAULT_KEEP = 1 << 20;

  /// @throws IllegalArgumentException where a bound is out of its range, or the file is not opened
  ///   to write at positions
  public WriterOptions {
    Objects.requireNonNull(overlap, "overlap");
    if ((file.flags() & OpenFlag.WRITE) == 0) {
      throw new IllegalArgumentException("the file is not to be opened for writing");
    }
    if ((file.flags() & OpenFlag.APPEND) != 0) {
      throw new IllegalArgumentException(
          "a claim has a position, and a file that is opened to append has one end; use Appender");
    }
    if (maxClaim < 1) {
      throw new IllegalArgumentException("maxClaim must be positive, not " + maxClaim);
    }
    if (maxInFlightBytes < Math.max(maxClaim, Backlog.LEAST_BYTES)) {
      throw new IllegalArgumentException(
          "maxInFlightBytes must be at least "
              + Math.max(maxClaim, Backlog.LEAST_BYTES)
              + ", room for the largest claim, not "
              + maxInFlightBytes);
    }
    if (keepBytes < 0) {
      throw new IllegalArgumentException("keepBytes is negative: " + keepBytes);
    }
  }

  /// Through the page cache: the file is created where it is missing, claims are up to 1 MiB, 8 MiB
  /// are in flight, 1 MiB is kept, overlaps are refused, nothing is locked.
  public static WriterOptions defaults() {
    return of(OpenOptions.write().create());
  }

  /// The same past the page cache (O_DIRECT).
  public static WriterOptions direct() {
    return of(OpenOptions.write().create().direct());
  }

  /// The same bounds with a file opened as `file` says.
  public static WriterOptions of(OpenOptions file) {
    return new WriterOptions(
        file, DEFAULT_MAX_CLAIM, DEFAULT_IN_FLIGHT, DEFAULT_KEEP, Overlap.REFUSE, false);
  }

  public WriterOptions withFile(OpenOptions file) {
    return new WriterOptions(file, maxClaim, maxInFlightBytes, keepBytes, overlap, lock);
  }

  public WriterOptions withMaxClaim(long bytes) {
    return new WriterOptions(file, bytes, maxInFlightBytes, keepBytes, overlap, lock);
  }

  public WriterOptions withMaxInFlightBytes(long bytes) {
    return new WriterOptions(file, maxClaim, bytes, keepBytes, overlap, lock);
  }

  public WriterOptions withKeepBytes(long bytes) {
    return new WriterOptions(file, maxClaim, maxInFlightBytes, bytes, overlap, lock);
  }

  public WriterOptions withOverlap(Overlap overlap) {
    return new WriterOptions(file, maxClaim, maxInFlightBytes, keepBytes, overlap, lock);
  }

  /// With the advisory lock.
  public WriterOptions locked() {
    return new WriterOptions(file, maxClaim, maxInFlightBytes, keepBytes, overlap, true);
  }
}
