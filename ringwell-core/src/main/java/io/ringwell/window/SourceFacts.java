package io.ringwell.window;

import java.util.Objects;

/// What a [Planner] knows of the thing to be read.
///
/// @param kind what it is
/// @param size in bytes, as far as known; -1 where not
/// @param cachedShare how much of it lies in the page cache, from 0 to 1; -1 where nobody has asked
/// @param directAlign the alignment that direct I/O wants, in bytes; 0 where it has none, or nobody
///   knows
/// @param granularity windows begin and end on multiples of it, in bytes
/// @param files how many are read side by side, this one included
/// @param fileSystem where a file lies
/// @param windowBytes the window that a source asks for; 0 where it does not
/// @param latencyNanos what a source says of its latency; 0 where it does not
public record SourceFacts(
    Kind kind,
    long size,
    double cachedShare,
    int directAlign,
    int granularity,
    int files,
    FileSystemKind fileSystem,
    long windowBytes,
    long latencyNanos) {

  /// What is read.
  public enum Kind {
    FILE,
    MEMORY,
    SOURCE
  }

  /// Without a file system that is known.
  public SourceFacts(
      Kind kind, long size, double cachedShare, int directAlign, int granularity, int files) {
    this(kind, size, cachedShare, directAlign, granularity, files, FileSystemKind.UNKNOWN, 0, 0);
  }

  /// @throws IllegalArgumentException where a value is out of its range
  public SourceFacts {
    Objects.requireNonNull(fileSystem, "fileSystem");
    if (!(cachedShare == -1 || (cachedShare >= 0 && cachedShare <= 1))) {
      throw new IllegalArgumentException("cachedShare is -1 or from 0 to 1, not " + cachedShare);
    }
    if (windowBytes < 0 || latencyNanos < 0) {
      throw new IllegalArgumentException(
          "windowBytes " + windowBytes + ", latencyNanos " + latencyNanos);
    }
    if (granularity < 1 || files < 1 || directAlign < 0 || size < -1) {
      throw new IllegalArgumentException(
          "size "
              + size
              + ", directAlign "
              + directAlign
              + ", granularity "
              + granularity
              + ", files "
              + files);
    }
  }

  /// A file of `size` bytes of which nothing else is known.
  public static SourceFacts file(long size) {
    return new SourceFacts(Kind.FILE, size, -1, 0, 4096, 1);
  }

  public SourceFacts withCachedShare(double share) {
    return new SourceFacts(
        kind, size, share, directAlign, granularity, files, fileSystem, windowBytes, latencyNanos);
  }

  public SourceFacts withDirectAlign(int bytes) {
    return new SourceFacts(
        kind, size, cachedShare, bytes, granularity, files, fileSystem, windowBytes, latencyNanos);
  }

  public SourceFacts withFiles(int count) {
    return new SourceFacts(
        kind,
        size,
        cachedShare,
        directAlign,
        granularity,
        count,
        fileSystem,
        windowBytes,
        latencyNanos);
  }

  public SourceFacts withFileSystem(FileSystemKind where) {
    return new SourceFacts(
        kind, size, cachedShare, directAlign, granularity, files, where, windowBytes, latencyNanos);
  }

  /// What a source asks for.
  public SourceFacts withSource(long window, long latency) {
    return new SourceFacts(
        kind, size, cachedShare, directAlign, granularity, files, fileSystem, window, latency);
  }
}
