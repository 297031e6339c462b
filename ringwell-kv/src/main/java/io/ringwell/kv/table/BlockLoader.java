package io.ringwell.kv.table;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Brings one block of a table after another into memory: read, verified, decompressed.
///
/// What is not compressed stays where it was read; the rest goes to one buffer, used again for each
/// block unless somebody has kept a share of it. In steady state nothing is allocated.
///
/// **Threads.** One at a time; [#close] excludes [#load] by its caller's lock.
final class BlockLoader implements AutoCloseable {
  private final Table table;
  private final BlockOpener opener;
  private final ReadAhead reads;
  private final boolean fillsCache;

  /// Where the block is: of [#opener], of [#reads], or [#cached].
  private @Nullable Room room;

  private long position;
  private int size;

  private @Nullable Room cached;

  /// @param kind what messages call its blocks
  /// @param fillsCache whether blocks that were read go to the table's cache
  BlockLoader(Table table, String kind, boolean fillsCache) {
    this.table = table;
    this.fillsCache = fillsCache;
    this.opener = new BlockOpener(table, kind);
    this.reads = new ReadAhead(table.source());
  }

  /// Nothing behind this place of the file is read ahead.
  void limit(long offset) {
    reads.limit(offset);
  }

  /// Goes on to a block; false where it is being read, and [#ready] says when to ask again. The
  /// block before is gone in any case.
  ///
  /// @param backwards whether what lies before it will be asked for next
  /// @throws TableException where the block is damaged
  boolean load(long offset, long bytes, boolean backwards) throws IOException {
    room = null;
    BlockCache cache = table.cache();
    if (cache != null && takeCached(cache, offset)) {
      return true;
    }
    int stored = opener.requireSize(bytes, offset);
    if (!reads.find(offset, stored + BlockHandle.TRAILER_BYTES, backwards)) {
      return false;
    }
    opener.open(reads.room(), reads.position(), stored, offset);
    room = opener.room();
    position = opener.position();
    size = opener.size();
    if (cache != null && fillsCache) {
      cache.put(table, offset, share());
    }
    return true;
  }

  private boolean takeCached(BlockCache cache, long offset) {
    Room before = cached;
    cached = null;
    if (before != null) {
      before.close();
    }
    Bytes known = cache.get(table, offset);
    if (known == null) {
      return false;
    }
    Room there = Room.of(known);
    cached = there;
    room = there;
    position = 0;
    size = (int) (known.size() - BlockCursor.SLACK_BYTES);
    return true;
  }

  /// A handle of the block, with the slack behind, which the caller closes.
  private Bytes share() {
    Room holds = Objects.requireNonNull(room);
    return holds.bytes().slice(position, (long) size + BlockCursor.SLACK_BYTES);
  }

  /// A handle of a part of the block. [#memory] is another one afterwards.
  Bytes share(long from, int length) {
    return Objects.requireNonNull(room).bytes().slice(position + from, length);
  }

  /// Where the block is.
  MemorySegment memory() {
    return Objects.requireNonNull(room).segment();
  }

  /// Where in [#memory] it begins.
  long position() {
    return position;
  }

  /// In bytes, as it is in memory.
  int size() {
    return size;
  }

  /// Completes when [#load] had better be asked again.
  CompletionStage<Void> ready() {
    return reads.ready();
  }

  /// Gives all memory back, or has it given back when the kernel lets go of it.
  @Override
  public void close() {
    room = null;
    reads.close();
    opener.close();
    Room known = cached;
    cached = null;
    if (known != null) {
      known.close();
    }
  }
}
