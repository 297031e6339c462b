package io.ringwell.kv.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads many blocks of a table, which are known beforehand: all of a round by one submit, near
/// ones by one read, and the next round while this one is looked at.
///
/// **Bound.** Two rounds, each of up to [#ROUND_READS] reads and [#ROUND_BYTES], or one block.
final class BatchReader {
  static final int ROUND_READS = 256;
  static final long ROUND_BYTES = 8 << 20;

  /// What lies between two blocks is read rather than left out up to here: a read costs more.
  private static final long GAP_BYTES = 8 << 10;

  private static final long READ_BYTES = 128 << 10;

  /// Takes one block after another, in the order of the file.
  interface Visitor {
    /// @param block its number among those asked for; it is in the opener
    void visit(int block, BlockOpener opener) throws IOException;
  }

  /// Reads that are under way, and the first block of each; the end of the last, too.
  private static final class Round {
    final List<Fetch> fetches = new ArrayList<>();
    final List<Integer> firsts = new ArrayList<>();
    int end;

    void release() {
      fetches.forEach(Fetch::release);
    }
  }

  private final TableFile file;
  private final BlockOpener opener;
  private final List<BlockHandle> blocks;

  /// @param blocks in the order of the file, each once
  BatchReader(TableFile file, BlockOpener opener, List<BlockHandle> blocks) {
    this.file = file;
    this.opener = opener;
    this.blocks = blocks;
  }

  /// Reads all; parks.
  void read(Visitor visitor) throws IOException {
    Round round = begin(0);
    while (round != null) {
      Round following = null;
      try {
        following = begin(round.end);
        look(round, visitor);
        round.release();
        round = following;
      } catch (Throwable e) {
        round.release();
        if (following != null) {
          following.release();
        }
        throw e;
      }
    }
  }

  /// Begins to read from block `first` on; null where there is none.
  private @Nullable Round begin(int first) throws IOException {
    if (first == blocks.size()) {
      return null;
    }
    Round round = new Round();
    boolean begun = false;
    try {
      int next = first;
      long bytes = 0;
      while (next < blocks.size() && round.fetches.size() < ROUND_READS && bytes < ROUND_BYTES) {
        int end = together(next);
        Fetch fetch = fetch(next, end);
        if (fetch == null) {
          if (round.fetches.isEmpty()) {
            throw file.noMemory(blocks.get(next).size());
          }
          break;
        }
        round.fetches.add(fetch);
        round.firsts.add(next);
        bytes += fetch.end - fetch.start;
        next = end;
      }
      round.end = next;
      file.submit(round.fetches);
      begun = true;
      return round;
    } finally {
      if (!begun) {
        round.release();
      }
    }
  }

  private @Nullable Fetch fetch(int first, int end) throws TableException {
    for (int i = first; i < end; i++) {
      opener.requireSize(blocks.get(i).size(), blocks.get(i).offset());
    }
    long from = blocks.get(first).offset();
    long to = blocks.get(end - 1).end();
    return file.tryPrepare(file.before(from), file.behind(to));
  }

  /// The end of the blocks from `first` on that one read brings.
  private int together(int first) {
    long start = blocks.get(first).offset();
    int end = first + 1;
    while (end < blocks.size()
        && blocks.get(end).offset() - blocks.get(end - 1).end() <= GAP_BYTES
        && blocks.get(end).end() - start <= READ_BYTES) {
      end++;
    }
    return end;
  }

  private void look(Round round, Visitor visitor) throws IOException {
    for (int i = 0; i < round.fetches.size(); i++) {
      Fetch fetch = round.fetches.get(i);
      fetch.await();
      fetch.check();
      int end = i + 1 < round.firsts.size() ? round.firsts.get(i + 1) : round.end;
      for (int block = round.firsts.get(i); block < end; block++) {
        BlockHandle where = blocks.get(block);
        opener.open(fetch.room, where.offset() - fetch.start, (int) where.size(), where.offset());
        visitor.visit(block, opener);
      }
    }
  }
}
