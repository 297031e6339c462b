package io.ringwell.pipe;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/// How a [Pipe] is made. Immutable; each `with` method returns a changed copy. Sizes are bytes, or
/// elements in a pipe of objects.
///
/// @param pauseBytes a flush waits once the reader has that much that it has not examined; 0: never
/// @param resumeBytes until it has less than that
/// @param maxBuffered the hard cap: what was written and not consumed is never more. The reader
///   learns of it by [PipeRead#isFull()]. More than 2^62 means that
/// @param segmentBytes the first pieces of memory taken from the pool; a power of two of at least
///   64
/// @param maxSegmentBytes what they double to while the reader lags behind; a power of two. A
///   window that has to be larger still gets memory of its size
/// @param keepBytes how much used memory the pipe keeps for its next segments, instead of returning
///   it to the pool at once. Given back when anybody waits for the pool. 0 keeps nothing, not even
///   while the pipe is open and empty; it is always 0 over a secure pool
/// @param maxMemoryBytes how much memory the pipe's own segments may take from the pool; 0: as much
///   as it needs. A segment is not always full, by far: where the writer wants windows of 16 KiB
///   for a byte each, `maxBuffered` bytes would take 16 Ki times as much. At this bound the writer
///   waits for the reader, as at the hard cap, and a pipe that nothing is in always has a window.
///   What was appended does not count, nor what was detached, nor what is kept. No window is larger
/// @param readerScheduler runs the reader's stages and what it registered by
///   [PipeReader#onWriterCompleted]. `Runnable::run` runs them in the writer's calls. Where it
///   rejects, they run there, too
/// @param writerScheduler the same for the writer
public record PipeOptions(
    long pauseBytes,
    long resumeBytes,
    long maxBuffered,
    long segmentBytes,
    long maxSegmentBytes,
    long keepBytes,
    long maxMemoryBytes,
    Executor readerScheduler,
    Executor writerScheduler) {

  /// So that an element of every type lies in one segment.
  private static final long MIN_SEGMENT_BYTES = 64;

  /// So that an offset and this make no number too large.
  private static final long MOST_BUFFERED = 1L << 62;

  /// With less, two threads that copy 64 KiB at a time take turns instead of working at once: 6
  /// GB/s with 64 KiB, 12 with 512, 14 with 1024.
  private static final long PAUSE_BYTES = 512 << 10;

  private static final PipeOptions DEFAULTS =
      new PipeOptions(
          PAUSE_BYTES,
          PAUSE_BYTES / 2,
          16 << 20,
          4 << 10,
          1 << 20,
          2 * PAUSE_BYTES,
          0,
          ForkJoinPool.commonPool(),
          ForkJoinPool.commonPool());

  /// @throws IllegalArgumentException if a value is out of its range
  public PipeOptions {
    Objects.requireNonNull(readerScheduler, "readerScheduler");
    Objects.requireNonNull(writerScheduler, "writerScheduler");
    require(pauseBytes >= 0, "pauseBytes must not be negative", pauseBytes);
    require(
        resumeBytes > 0 == pauseBytes > 0 && resumeBytes <= pauseBytes,
        "resumeBytes must be positive and at most pauseBytes, or both 0",
        resumeBytes);
    require(maxBuffered > 0, "maxBuffered must be positive", maxBuffered);
    require(
        pauseBytes <= maxBuffered,
        "pauseBytes must be at most maxBuffered, %d; set withThresholds first, or raise withMaxBuffered"
            .formatted(maxBuffered),
        pauseBytes);
    maxBuffered = Math.min(maxBuffered, MOST_BUFFERED);
    require(
        segmentBytes >= MIN_SEGMENT_BYTES && Long.bitCount(segmentBytes) == 1,
        "segmentBytes must be a power of two of at least " + MIN_SEGMENT_BYTES,
        segmentBytes);
    require(
        maxSegmentBytes >= segmentBytes && Long.bitCount(maxSegmentBytes) == 1,
        "maxSegmentBytes must be a power of two, and not less than segmentBytes",
        maxSegmentBytes);
    require(keepBytes >= 0, "keepBytes must not be negative", keepBytes);
    require(
        maxMemoryBytes == 0 || maxMemoryBytes >= maxSegmentBytes,
        "maxMemoryBytes must be 0, or not less than maxSegmentBytes",
        maxMemoryBytes);
  }

  private static void require(boolean holds, String rule, long value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ": " + value);
    }
  }

  /// Pause at 512 KiB, resume below 256 KiB, at most 16 MiB; segments of 4 KiB to 1 MiB, of which 1
  /// MiB is kept; stages on the common pool.
  public static PipeOptions defaults() {
    return DEFAULTS;
  }

  /// Pauses the writer at `pause`, resumes it below `resume`; 0 and 0 never do.
  public PipeOptions withThresholds(long pause, long resume) {
    return new PipeOptions(
        pause,
        resume,
        maxBuffered,
        segmentBytes,
        maxSegmentBytes,
        keepBytes,
        maxMemoryBytes,
        readerScheduler,
        writerScheduler);
  }

  /// Sets the hard cap.
  public PipeOptions withMaxBuffered(long bytes) {
    return new PipeOptions(
        pauseBytes,
        resumeBytes,
        bytes,
        segmentBytes,
        maxSegmentBytes,
        keepBytes,
        maxMemoryBytes,
        readerScheduler,
        writerScheduler);
  }

  /// Segments of `first` bytes, doubling to `largest`.
  public PipeOptions withSegments(long first, long largest) {
    return new PipeOptions(
        pauseBytes,
        resumeBytes,
        maxBuffered,
        first,
        largest,
        keepBytes,
        maxMemoryBytes,
        readerScheduler,
        writerScheduler);
  }

  public PipeOptions withKeepBytes(long bytes) {
    return new PipeOptions(
        pauseBytes,
        resumeBytes,
        maxBuffered,
        segmentBytes,
        maxSegmentBytes,
        bytes,
        maxMemoryBytes,
        readerScheduler,
        writerScheduler);
  }

  /// Bounds the memory of the pipe's own segments; 0 does not.
  public PipeOptions withMaxMemory(long bytes) {
    return new PipeOptions(
        pauseBytes,
        resumeBytes,
        maxBuffered,
        segmentBytes,
        maxSegmentBytes,
        keepBytes,
        bytes,
        readerScheduler,
        writerScheduler);
  }

  public PipeOptions withReaderScheduler(Executor executor) {
    return new PipeOptions(
        pauseBytes,
        resumeBytes,
        maxBuffered,
        segmentBytes,
        maxSegmentBytes,
        keepBytes,
        maxMemoryBytes,
        executor,
        writerScheduler);
  }

  public PipeOptions withWriterScheduler(Executor executor) {
    return new PipeOptions(
        pauseBytes,
        resumeBytes,
        maxBuffered,
        segmentBytes,
        maxSegmentBytes,
        keepBytes,
        maxMemoryBytes,
        readerScheduler,
        executor);
  }
}
