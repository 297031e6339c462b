package io.ringwell.kv.table;

import io.ringwell.kv.Keys;
import io.ringwell.kv.KvIterator;
import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks many keys up: first which blocks may have them, then all of those blocks at once.
final class MultiGet {
  private final Table table;
  private final List<MemorySegment> keys;

  /// Numbers of keys in the order of the keys.
  private final Integer[] order;

  /// By place in [#order]: which block of [#blocks]; -1 where the key is behind all of them.
  private final int[] blockOf;

  /// By place: whether the key is the separator behind its block.
  private final boolean[] atSeparator;

  private final List<BlockHandle> blocks = new ArrayList<>();

  /// Those that are behind the last key of their block and not behind the index's separator: that
  /// only says that keys of the next block are behind it as they are stored, with their sequence.
  private final List<Integer> undecided = new ArrayList<>();

  MultiGet(Table table, List<MemorySegment> keys) {
    this.table = table;
    this.keys = keys;
    this.order = new Integer[keys.size()];
    this.blockOf = new int[keys.size()];
    this.atSeparator = new boolean[keys.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> compare(keys.get(a), keys.get(b)));
  }

  private static int compare(MemorySegment a, MemorySegment b) {
    return Keys.compare(a, 0, length(a), b, 0, length(b));
  }

  private static int length(MemorySegment key) {
    return Math.toIntExact(key.byteSize());
  }

  private MemorySegment key(int place) {
    return keys.get(order[place]);
  }

  List<@Nullable Bytes> run() throws IOException {
    TableFormat format = table.format();
    findBlocks(format.indexCursor(), 0, order.length);
    if (format.partitioned()) {
      readParts();
    }
    try (ValueStore values = new ValueStore(table.source(), order.length)) {
      DataCursor cursor = format.dataCursor();
      int[] place = {0};
      new CachedBatch(table, TableFormat.DATA, blocks)
          .read((block, memory, from, size) -> {
            cursor.open(memory, from, size, blocks.get(block).offset(), false);
            place[0] = lookUp(block, place[0], cursor, values);
          });
      lookUpSingly(values);
      return values.take();
    }
  }

  // ---- the index

  /// Finds the blocks of the keys from place `from` to `to` by a cursor of the index.
  private void findBlocks(IndexCursor cursor, int from, int to) throws TableException {
    for (int place = from; place < to; place++) {
      MemorySegment key = key(place);
      if (!cursor.seek(key, length(key), false)) {
        Arrays.fill(blockOf, place, to, -1);
        return;
      }
      BlockHandle last = blocks.isEmpty() ? null : blocks.getLast();
      if (last == null || last.offset() != cursor.blockOffset) {
        if (last != null && last.offset() > cursor.blockOffset) {
          throw cursor.damaged("its blocks are not in order");
        }
        blocks.add(new BlockHandle(cursor.blockOffset, cursor.blockSize));
      }
      blockOf[place] = blocks.size() - 1;
      atSeparator[place] = cursor.compareUser(key, length(key)) == 0;
    }
  }

  /// What was found so far are parts of the index, to be read for the blocks.
  private void readParts() throws IOException {
    List<BlockHandle> parts = List.copyOf(blocks);
    int[] partOf = blockOf.clone();
    blocks.clear();
    Arrays.fill(blockOf, -1);
    IndexCursor cursor = table.format().partitionCursor();
    int[] place = {0};
    new CachedBatch(table, TableFormat.PARTITION, parts)
        .read((part, memory, from, size) -> {
          cursor.open(memory, from, size, parts.get(part).offset(), false);
          int end = endOf(partOf, part, place[0]);
          findBlocks(cursor, place[0], end);
          place[0] = end;
        });
  }

  /// The end of the places, from `from` on, that are of one block.
  private static int endOf(int[] blockOf, int block, int from) {
    int end = from;
    while (end < blockOf.length && blockOf[end] == block) {
      end++;
    }
    return end;
  }

  // ---- entries

  /// Looks up the keys of a block.
  ///
  /// @return the place of the first key that is not its
  private int lookUp(int block, int first, DataCursor cursor, ValueStore values)
      throws IOException {
    int from = first;
    while (from < blockOf.length && blockOf[from] < 0) {
      from++;
    }
    int end = endOf(blockOf, block, from);
    for (int place = from; place < end; place++) {
      MemorySegment key = key(place);
      if (!cursor.seek(key, length(key), false)) {
        if (atSeparator[place]) {
          undecided.add(place);
        }
      } else if (cursor.compareUser(key, length(key)) == 0) {
        take(place, cursor, values);
      }
    }
    return end;
  }

  private void take(int place, DataCursor cursor, ValueStore values) throws IOException {
    int kind = EntryKinds.require(cursor);
    if (kind == KvIterator.VALUE) {
      values.put(order[place], cursor.memory, cursor.base + cursor.valueAt, cursor.valueLength);
    }
  }

  /// The next block begins with the key, or nothing has it.
  private void lookUpSingly(ValueStore values) throws IOException {
    if (undecided.isEmpty()) {
      return;
    }
    try (KvIterator at = table.iterator()) {
      for (int place : undecided) {
        MemorySegment key = key(place);
        at.seek(key);
        if (at.next()
            && !at.isTombstone()
            && Keys.equal(at.keySegment(), at.keyOffset(), at.keyLength(), key, 0, length(key))) {
          values.put(order[place], at.valueSegment(), at.valueOffset(), at.valueLength());
        }
      }
    }
  }
}
