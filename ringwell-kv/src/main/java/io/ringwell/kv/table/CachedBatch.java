package io.ringwell.kv.table;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Shows many blocks of a table, which are known beforehand, in the order of the file: those that
/// its cache has as they lie there, all others as [BatchReader] brings them, which then go there.
///
/// Holds the former until they were shown: no block is read because others came.
final class CachedBatch {
  /// Takes one block after another.
  interface Visitor {
    /// @param block its number among those asked for
    /// @param memory has it at `from`, until this returns
    void visit(int block, MemorySegment memory, long from, int size) throws IOException;
  }

  private final Table table;
  private final String kind;
  private final List<BlockHandle> blocks;
  private final @Nullable Bytes[] known;
  private final List<BlockHandle> missing = new ArrayList<>();

  /// Of those that are missing, their numbers among all.
  private final List<Integer> numbers = new ArrayList<>();

  /// The first block that was not shown yet.
  private int next;

  /// @param kind what messages call the blocks
  /// @param blocks in the order of the file, each once
  CachedBatch(Table table, String kind, List<BlockHandle> blocks) {
    this.table = table;
    this.kind = kind;
    this.blocks = blocks;
    this.known = new Bytes[blocks.size()];
  }

  /// Shows all; parks.
  void read(Visitor visitor) throws IOException {
    try (BlockOpener opener = new BlockOpener(table, kind)) {
      findKnown();
      new BatchReader(table.source(), opener, missing)
          .read((number, opened) -> {
            int block = numbers.get(number);
            showKnown(block, visitor);
            MemorySegment memory = opened.room().segment();
            visitor.visit(block, memory, opened.position(), opened.size());
            keep(block, opened);
            next = block + 1;
          });
      showKnown(blocks.size(), visitor);
    } finally {
      for (Bytes each : known) {
        if (each != null) {
          each.close();
        }
      }
    }
  }

  private void findKnown() {
    BlockCache cache = table.cache();
    for (int i = 0; i < blocks.size(); i++) {
      Bytes found = cache == null ? null : cache.get(table, blocks.get(i).offset());
      known[i] = found;
      if (found == null) {
        missing.add(blocks.get(i));
        numbers.add(i);
      }
    }
  }

  /// Those before `end` that were not shown, all of which the cache had.
  private void showKnown(int end, Visitor visitor) throws IOException {
    for (; next < end; next++) {
      try (Bytes block = known[next]) {
        known[next] = null;
        if (block != null) {
          visitor.visit(next, block.segment(), 0, (int) block.size());
        }
      }
    }
  }

  private void keep(int block, BlockOpener opened) {
    BlockCache cache = table.cache();
    if (cache != null) {
      cache.put(
          table,
          blocks.get(block).offset(),
          opened.room().segment(),
          opened.position(),
          opened.size());
    }
  }
}
