package io.ringwell.search;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Goes through a file, or a part of it, line by line where a line matches and over the others at
/// once. One thread's; reused.
///
/// A part has the lines that start in it: the rest of one that started before is left out, and the
/// last is read to its end.
final class LineScanner implements AutoCloseable {
  private static final byte FEED = '\n';

  private final LineMatcher matcher;
  private final SearchOptions.Output output;
  private final boolean countLines;
  private final Tally tally;
  private final Carry carry = new Carry();
  private final ZeroWatch zeros = new ZeroWatch();
  private @Nullable MemorySegment copy;

  LineScanner(LineMatcher matcher, SearchOptions options, Tally tally) {
    this.matcher = matcher;
    this.output = options.output();
    this.countLines = options.lineNumbers() && options.output() == SearchOptions.Output.LINES;
    this.tally = tally;
  }

  /// Takes what was found so far, in a file that is searched in one go.
  interface Taker {
    /// @return whether more is wanted
    boolean take(Hits hits);
  }

  /// Searches the lines that start at `from` or behind and before `limit`. `blocks` begins at
  /// `from`, or at least one byte and at most half a block before where that is not the file's
  /// start.
  ///
  /// @param taker told after each block, whereupon `hits` begins anew; null for all in one
  void scan(Blocks blocks, long from, long limit, BinaryRule rule, Hits hits, @Nullable Taker taker)
      throws IOException {
    carry.clear();
    zeros.start(taker == null);
    boolean skipping = from > 0;
    boolean satisfied = false;
    while (true) {
      MemorySegment block = blocks.next();
      if (block == null) {
        break;
      }
      long position = blocks.position();
      if (skipping && position < from - 1) {
        block = block.asSlice(from - 1 - position);
        position = from - 1;
      }
      long size = block.byteSize();
      tally.bytes.add(size);
      long at = position == 0 ? Bom.utf8(block) : 0;
      boolean last = false;
      if (rule == BinaryRule.WHOLE) {
        wholeHead(block, position, hits);
      } else if (zeros.look(block, position, (int) at, hits)) {
        last = rule == BinaryRule.QUIT;
        block = last ? block.asSlice(0, hits.zero - position) : converted(block, blocks.writable());
        size = block.byteSize();
      }
      if (skipping) {
        long feed = ByteFinder.first(block, FEED, at, size);
        if (feed < 0) {
          if (last) {
            break;
          }
          continue;
        }
        skipping = false;
        at = feed + 1;
      }
      boolean more = satisfied || lines(block, at, size, position, limit, hits);
      // That a file matches may have to be taken back for a zero near by.
      satisfied |= !more && output == SearchOptions.Output.FILES && rule == BinaryRule.QUIT;
      more |= satisfied && position + size < limit;
      if (!more || last || (taker != null && !take(taker, hits))) {
        carry.clear();
        break;
      }
    }
    if (!carry.isEmpty()) {
      MemorySegment line = carry.segment();
      region(line, 0, line.byteSize(), carry.position(), hits);
    }
    if (taker != null) {
      take(taker, hits);
    }
  }

  private static boolean take(Taker taker, Hits hits) {
    boolean more = taker.take(hits);
    hits.clear();
    return more;
  }

  private static void wholeHead(MemorySegment block, long position, Hits hits) {
    if (position < FillChain.BUFFER_BYTES && hits.zero < 0) {
      long to = Math.min(block.byteSize(), FillChain.BUFFER_BYTES - position);
      long zero = ByteFinder.first(block, (byte) 0, 0, to);
      if (zero >= 0) {
        hits.zero = position + zero;
        hits.floor = 0;
      }
    }
  }

  private MemorySegment converted(MemorySegment block, boolean writable) {
    MemorySegment own = block;
    if (!writable) {
      if (copy == null || copy.byteSize() < block.byteSize()) {
        copy = Arena.ofAuto().allocate(block.byteSize());
      }
      own = copy.asSlice(0, block.byteSize());
      own.copyFrom(block);
    }
    ZeroWatch.convert(own);
    return own;
  }

  /// Searches the lines of a block, and keeps the beginning of one that goes on behind it.
  ///
  /// @return whether lines behind the block are wanted
  private boolean lines(
      MemorySegment block, long from, long size, long position, long limit, Hits hits) {
    long at = from;
    if (!carry.isEmpty()) {
      long feed = ByteFinder.first(block, FEED, at, size);
      if (feed < 0) {
        carry.append(block, at, size, position + at);
        return true;
      }
      carry.append(block, at, feed + 1, position + at);
      MemorySegment line = carry.segment();
      boolean more = region(line, 0, line.byteSize(), carry.position(), hits);
      carry.clear();
      at = feed + 1;
      if (!more) {
        return false;
      }
    }
    if (position + at >= limit) {
      return false;
    }
    long lastFeed;
    boolean complete = false;
    if (position + size > limit) {
      lastFeed = ByteFinder.first(block, FEED, Math.max(at, limit - 1 - position), size);
      complete = lastFeed >= 0;
    } else {
      lastFeed = -1;
    }
    if (!complete) {
      lastFeed = ByteFinder.last(block, FEED, at, size);
    }
    long end = lastFeed < 0 ? at : lastFeed + 1;
    if (end > at && !region(block, at, end, position, hits)) {
      return false;
    }
    if (complete || position + end >= limit) {
      return false;
    }
    if (end < size) {
      carry.append(block, end, size, position + end);
    }
    return true;
  }

  /// Searches whole lines; the last may lack its line feed where the file ends.
  ///
  /// @return whether more is wanted
  private boolean region(MemorySegment in, long from, long to, long position, Hits hits) {
    matcher.restart();
    long at = from;
    long counted = from;
    while (at < to) {
      long hit = matcher.find(in, at, to);
      if (hit < 0) {
        break;
      }
      hits.matched++;
      // At its line feed the line may be said to match, too.
      long start = Math.max(at, ByteFinder.last(in, FEED, at, hit) + 1);
      if (output == SearchOptions.Output.FILES) {
        hits.add(in, start, start, position + start);
        return false;
      }
      long feed = ByteFinder.near(in, FEED, hit, to);
      long end = feed < 0 ? to : feed + 1;
      if (output == SearchOptions.Output.LINES) {
        if (countLines) {
          hits.feeds += ByteFinder.count(in, FEED, counted, start);
          counted = start;
        }
        hits.add(in, start, end, position + start);
      }
      at = end;
    }
    if (countLines) {
      hits.feeds += ByteFinder.count(in, FEED, counted, to);
    }
    return true;
  }

  @Override
  public void close() {
    carry.close();
  }
}
