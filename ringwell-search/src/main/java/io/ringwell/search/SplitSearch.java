package io.ringwell.search;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One large file, searched in parts by all threads that have time, and told of in order.
///
/// The thread that found the file takes parts until there are none, then waits for those that
/// others still have. A part is taken only when it is only a few parts ahead of what was told of,
/// so that results kept are bounded.
final class SplitSearch {
  /// A file of at least twice this is split.
  static final long PART_BYTES = 4 << 20;

  private static final int PAGE_BYTES = 4096;

  /// Lines are mostly shorter: as much is read to find where one ended.
  private static final int STEP_BYTES = 4096;

  private static final int WINDOW_PER_JOB = 4;

  private final Source source;
  private final FileReport report;
  private final long parts;
  private final int window;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All below are guarded by the lock.
  private final Map<Long, Hits> finished = new HashMap<>();
  private long nextPart;
  private long nextTold;
  private int searching;
  private boolean telling;
  private boolean enough;
  private @Nullable Throwable failure;

  /// Bytes without line feeds in parts told of: by the thread that tells.
  private long feedless;

  SplitSearch(Source source, FileReport report, int jobs) {
    this.source = source;
    this.report = report;
    this.parts = (source.size() + PART_BYTES - 1) / PART_BYTES;
    this.window = WINDOW_PER_JOB * jobs;
  }

  /// Searches parts until there are none to take.
  ///
  /// @param buffer the calling thread's memory for blocks
  void help(LineScanner scanner, MemorySegment buffer) {
    long part;
    while ((part = takePart()) >= 0) {
      Hits hits = new Hits();
      Throwable failed = null;
      try {
        search(scanner, part, hits, buffer);
      } catch (IOException | RuntimeException | Error e) {
        failed = e;
      }
      finish(part, hits, failed, buffer);
    }
  }

  /// The same, and waits until all of the file is told of.
  void lead(LineScanner scanner, MemorySegment buffer) throws IOException {
    help(scanner, buffer);
    lock.lock();
    try {
      while (searching > 0 || telling) {
        changed.awaitUninterruptibly();
      }
      Session.rethrow(failure);
    } finally {
      lock.unlock();
    }
  }

  /// Waits while too many are ahead. -1 where no part is left, or none is wanted.
  private long takePart() {
    lock.lock();
    try {
      while (!enough && nextPart < parts && nextPart - nextTold >= window) {
        changed.awaitUninterruptibly();
      }
      if (enough || nextPart >= parts) {
        return -1;
      }
      searching++;
      return nextPart++;
    } finally {
      lock.unlock();
    }
  }

  private void search(LineScanner scanner, long part, Hits hits, MemorySegment buffer)
      throws IOException {
    long from = part * PART_BYTES;
    long end = from + PART_BYTES;
    // The byte before tells whether a line starts here; it is read with its page, since the kernel
    // copies from odd addresses at a quarter of the speed. The last part goes on while the file
    // does.
    boolean last = part == parts - 1;
    long start = Math.max(0, from - PAGE_BYTES);
    try (Blocks blocks = source.blocks(start, last ? Long.MAX_VALUE : end, buffer)) {
      scanner.scan(blocks, from, last ? Long.MAX_VALUE : end, report.rule(), hits, null);
    }
  }

  private void finish(long part, Hits hits, @Nullable Throwable failed, MemorySegment buffer) {
    lock.lock();
    try {
      searching--;
      if (failed != null) {
        failure = failure == null ? failed : failure;
        enough = true;
      } else {
        finished.put(part, hits);
      }
      tellAll(buffer);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Tells of the parts that are next, unless another thread is at it, which then tells of these.
  /// Called with the lock, and gives it up while the output is written.
  private void tellAll(MemorySegment buffer) {
    while (!telling && !enough) {
      Hits next = finished.remove(nextTold);
      if (next == null) {
        return;
      }
      telling = true;
      Throwable failed = null;
      boolean more = false;
      lock.unlock();
      try {
        more = tell(next, buffer);
      } catch (IOException | RuntimeException | Error e) {
        failed = e;
      } finally {
        lock.lock();
      }
      telling = false;
      nextTold++;
      enough |= failed != null;
      enough |= !more;
      if (failed != null && failure == null) {
        failure = failed;
      }
      changed.signalAll();
    }
  }

  /// Tells of the part that is next. Which of its lines, and of the lines before, ripgrep would see
  /// together with a zero byte depends on how its buffer lies there.
  private boolean tell(Hits next, MemorySegment buffer) throws IOException {
    feedless += next.feedless;
    if (report.rule() != BinaryRule.WHOLE) {
      if (next.zero >= 0) {
        next.floor = floor(next.zero, buffer);
      }
      next.settled = (nextTold + 1) * PART_BYTES - longestBuffer();
    }
    return report.take(next);
  }

  /// No larger can ripgrep's buffer be by now: it grows where a line is longer, and lines are no
  /// longer than what has no line feed and a cell on both sides.
  private long longestBuffer() {
    return feedless == 0
        ? FillChain.BUFFER_BYTES
        : FillChain.GROWTH * (feedless + 2 * ZeroWatch.CELL_BYTES);
  }

  /// Where ripgrep's buffer begins that the first zero byte comes into. Looks at the line ends that
  /// its reads end behind, 16 for each MiB before the zero.
  private long floor(long zero, MemorySegment buffer) throws IOException {
    FillChain chain = new FillChain();
    chain.begin(report.mark());
    while (chain.next() <= zero) {
      chain.filled(lastFeed(chain.read(), chain.next(), buffer));
    }
    return chain.start();
  }

  /// The last line feed from `from` on and before `to`, or -1.
  private long lastFeed(long from, long to, MemorySegment buffer) throws IOException {
    for (long end = to; end > from; end -= STEP_BYTES) {
      long start = Math.max(from, end - STEP_BYTES);
      long last = -1;
      try (Blocks blocks = source.blocks(start, end, buffer)) {
        MemorySegment block;
        long next = start;
        while (next < end && (block = blocks.next()) != null) {
          long position = blocks.position();
          next = position + block.byteSize();
          long feed = ByteFinder.last(block, (byte) '\n', 0, Math.min(next, end) - position);
          last = feed >= 0 ? position + feed : last;
        }
      }
      if (last >= 0) {
        return last;
      }
    }
    return -1;
  }
}
