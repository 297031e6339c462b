package io.ringwell.window;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How a [ManagedReader] is made. Immutable; start from [#defaults()]. What is wrong is refused
/// here or when the reader is opened, not when it is used.
///
/// @param hint how it is going to be used
/// @param route how to read; null lets the [Planner] choose
/// @param windowSize of every window, in bytes, a multiple of the reader's granularity; 0 lets the
///   reader adapt it to its use
/// @param maxWindow the largest window, in bytes
/// @param maxBytes what all windows of the reader may take, in bytes, read-ahead included
/// @param mapsAllowed whether the planner may map the file; see [#allowMapped()]
/// @param mapsLocked whether mapped windows are locked in memory, as far as `RLIMIT_MEMLOCK` goes
/// @param memory the bound that the reader shares with others; null gives it one of its own
/// @param overlap what becomes of a seek where a [WriteClaim] of this process is in the way; see
///   [#withOverlap]
public record ReaderOptions(
    AccessHint hint,
    @Nullable Route route,
    long windowSize,
    long maxWindow,
    long maxBytes,
    boolean mapsAllowed,
    boolean mapsLocked,
    @Nullable WindowMemory memory,
    Overlap overlap) {

  /// 4 MiB: larger windows win nothing, and spoil every cache.
  private static final long DEFAULT_MAX_WINDOW = 4 << 20;

  /// 16 MiB: sixteen windows of the largest size that the planner chooses by itself.
  private static final long DEFAULT_MAX_BYTES = 16 << 20;

  private static final long MIN_WINDOW = 512;

  /// @throws IllegalArgumentException where a value is out of its range or contradicts another
  public ReaderOptions {
    Objects.requireNonNull(hint, "hint");
    Objects.requireNonNull(overlap, "overlap");
    if (maxWindow < MIN_WINDOW) {
      throw new IllegalArgumentException(
          "maxWindow must be at least " + MIN_WINDOW + " bytes, not " + maxWindow);
    }
    if (windowSize < 0 || windowSize > maxWindow) {
      throw new IllegalArgumentException(
          "windowSize must be 0 (adaptive) or at most maxWindow, which is "
              + maxWindow
              + ", not "
              + windowSize);
    }
    if (maxBytes < maxWindow) {
      throw new IllegalArgumentException(
          "maxBytes must hold one window of " + maxWindow + " bytes, and is " + maxBytes);
    }
    if (route == Route.MAPPED && !mapsAllowed) {
      throw new IllegalArgumentException(
          "route MAPPED needs allowMapped: a file that is truncated under a map can end the JVM");
    }
    if (mapsLocked && !mapsAllowed) {
      throw new IllegalArgumentException("mapsLocked needs allowMapped");
    }
  }

  /// The planner chooses, windows adapt up to 4 MiB, 16 MiB in all, no maps.
  public static ReaderOptions defaults() {
    return new ReaderOptions(
        AccessHint.AUTOMATIC,
        null,
        0,
        DEFAULT_MAX_WINDOW,
        DEFAULT_MAX_BYTES,
        false,
        false,
        null,
        Overlap.WAIT);
  }

  public ReaderOptions withHint(AccessHint newHint) {
    return new ReaderOptions(
        newHint, route, windowSize, maxWindow, maxBytes, mapsAllowed, mapsLocked, memory, overlap);
  }

  /// Insists on a route. One that the file or the engine does not have makes opening or reading
  /// fail, by name.
  public ReaderOptions withRoute(Route forced) {
    return new ReaderOptions(
        hint, forced, windowSize, maxWindow, maxBytes, mapsAllowed, mapsLocked, memory, overlap);
  }

  /// Windows of one size, in bytes; 0 lets the reader adapt it.
  public ReaderOptions withWindowSize(long bytes) {
    return new ReaderOptions(
        hint, route, bytes, maxWindow, maxBytes, mapsAllowed, mapsLocked, memory, overlap);
  }

  public ReaderOptions withMaxWindow(long bytes) {
    return new ReaderOptions(
        hint, route, windowSize, bytes, maxBytes, mapsAllowed, mapsLocked, memory, overlap);
  }

  public ReaderOptions withMaxBytes(long bytes) {
    return new ReaderOptions(
        hint, route, windowSize, maxWindow, bytes, mapsAllowed, mapsLocked, memory, overlap);
  }

  /// Both bounds: the largest window and what all windows take, in bytes.
  public ReaderOptions withBounds(long window, long bytes) {
    return new ReaderOptions(
        hint, route, windowSize, window, bytes, mapsAllowed, mapsLocked, memory, overlap);
  }

  /// Permits maps of the file.
  ///
  /// **A map can kill the JVM.** A window that is mapped shows the file itself. When the file is
  /// truncated while such a window is in use, whoever touches what is gone gets an `InternalError`
  /// at best; code that the JVM compiled to vector instructions, and libc's, dies of SIGBUS, and
  /// the JVM with it. Locking does not help. Permit it for files that nobody truncates. Its windows
  /// are [Residency#POPULATED], not [Residency#COPIED], and detaching one copies.
  public ReaderOptions allowMapped() {
    return new ReaderOptions(
        hint, route, windowSize, maxWindow, maxBytes, true, mapsLocked, memory, overlap);
  }

  /// Locks mapped windows in memory (mlock(2)); where the limit refuses, they are
  /// [Residency#POPULATED] only, and say so.
  public ReaderOptions lockMapped() {
    return new ReaderOptions(
        hint, route, windowSize, maxWindow, maxBytes, mapsAllowed, true, memory, overlap);
  }

  /// Shares a bound with other readers.
  public ReaderOptions withMemory(WindowMemory shared) {
    return new ReaderOptions(
        hint, route, windowSize, maxWindow, maxBytes, mapsAllowed, mapsLocked, shared, overlap);
  }

  /// What becomes of a seek where a [WriteClaim] on the same file in this process is in the way,
  /// begun and not yet aborted or written. [Overlap#WAIT], the default: the seek waits, and reads
  /// what was written; a thread that parks for a claim of its own waits until it is interrupted.
  /// [Overlap#REFUSE]: the seek throws `IllegalStateException`, which names both ranges.
  ///
  /// A claim meets no copied window: those are snapshots, and one that is being read is read again
  /// behind the claim. It meets a mapped one for as long as that is the reader's window, and then
  /// waits or is refused as the writer's options say.
  public ReaderOptions withOverlap(Overlap newOverlap) {
    return new ReaderOptions(
        hint, route, windowSize, maxWindow, maxBytes, mapsAllowed, mapsLocked, memory, newOverlap);
  }
}
