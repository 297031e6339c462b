package io.ringwell.kv.table;

import io.ringwell.kv.KvIterator;
import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Brings one block of a table after another into memory: read, verified, decompressed.
///
/// What is not compressed stays where it was read; the rest goes to one buffer, used again for each
/// block unless somebody has kept a share of it. In steady state nothing is allocated.
///
/// **Cache.** A block that is looked up, not stepped on to, is taken from the table's cache where
/// it is there, and goes there where it is not.
///
/// **Scans.** Where blocks of entries were asked for one behind the other, the next ones are opened
/// by [OpenAhead], if the table's options allow helpers.
///
/// **Threads.** One at a time; [#close] excludes [#load] by its caller's lock.
final class BlockLoader implements AutoCloseable {
  /// After so many blocks in order, further ones are opened ahead.
  private static final int SCANNED = 8;

  private final Table table;
  private final BlockOpener opener;
  private final ReadAhead reads;
  private final boolean helped;
  private @Nullable OpenAhead ahead;

  /// Done when what was opened ahead, and is not needed, has given its memory back: in a small pool
  /// there may be none before.
  private CompletableFuture<Void> left = CompletableFuture.completedFuture(null);

  /// Where the block is: of [#opener], of [#reads], or [#cached].
  private @Nullable Room room;

  private long position;
  private int size;

  private @Nullable Room cached;

  /// Where the block is that was not in the cache when it was looked up; -1 when it was read.
  private long missed = -1;

  /// @param kind what messages call its blocks
  BlockLoader(Table table, String kind) {
    this.table = table;
    this.helped = kind.equals(TableFormat.DATA) && table.options().helpers() > 0;
    this.opener = new BlockOpener(table, kind);
    this.reads = new ReadAhead(table.source());
  }

  /// Nothing behind this place of the file is read ahead.
  void limit(long offset) {
    reads.limit(offset);
  }

  /// Goes on to the block that the index stands on; false where it is being read, and [#ready] says
  /// when to ask again. The block before is gone in any case.
  ///
  /// @param lookUp whether it is one that may be come to again, and so is worth keeping
  /// @param backwards whether what lies before it will be asked for next
  /// @throws TableException where the block is damaged
  boolean load(IndexCursor to, boolean lookUp, boolean backwards) throws IOException {
    leave();
    BlockCache cache = lookUp ? table.cache() : null;
    if (cache == null) {
      return read(to, backwards);
    }
    if (missed != to.blockOffset && takeCached(cache, to.blockOffset)) {
      return true;
    }
    missed = to.blockOffset;
    if (!read(to, backwards)) {
      return false;
    }
    missed = -1;
    cache.put(table, to.blockOffset, memory(), position, size);
    return true;
  }

  private void leave() {
    room = null;
    Room known = cached;
    cached = null;
    if (known != null) {
      known.close();
    }
  }

  private boolean takeCached(BlockCache cache, long offset) {
    Bytes known = cache.get(table, offset);
    if (known == null) {
      return false;
    }
    cached = Room.of(known);
    room = cached;
    position = 0;
    size = (int) known.size();
    return true;
  }

  private boolean read(IndexCursor to, boolean backwards) throws IOException {
    if (helped) {
      int found = ahead(to, backwards);
      if (found != KvIterator.END) {
        return found == KvIterator.ENTRY;
      }
      if (!left.isDone()) {
        return false;
      }
    }
    return read(to.blockOffset, to.blockSize, backwards);
  }

  /// [KvIterator#END] where the block was not opened ahead.
  private int ahead(IndexCursor to, boolean backwards) throws TableException {
    OpenAhead known = ahead;
    if (known == null) {
      if (backwards || reads.run() < SCANNED) {
        return KvIterator.END;
      }
      known = new OpenAhead(table, reads, reads.limit());
      ahead = known;
    }
    int found = backwards ? KvIterator.END : known.come(to);
    if (found == KvIterator.ENTRY) {
      stand(known.opened());
    } else if (found == KvIterator.END) {
      ahead = null;
      CompletableFuture<Void> read = reads.handOver();
      known.close();
      left = CompletableFuture.allOf(read, known.left());
    }
    return found;
  }

  private void stand(BlockOpener opened) {
    room = opened.room();
    position = opened.position();
    size = opened.size();
  }

  private boolean read(long offset, long bytes, boolean backwards) throws IOException {
    int stored = opener.requireSize(bytes, offset);
    if (!reads.find(offset, stored + BlockHandle.TRAILER_BYTES, backwards)) {
      return false;
    }
    opener.open(reads.room(), reads.position(), stored, offset);
    stand(opener);
    return true;
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
    if (!left.isDone()) {
      return left.minimalCompletionStage();
    }
    OpenAhead known = ahead;
    return known == null ? reads.ready() : known.ready();
  }

  /// Gives all memory back, or has it given back when the kernel lets go of it.
  @Override
  public void close() {
    leave();
    reads.close();
    OpenAhead opening = ahead;
    if (opening != null) {
      opening.close();
    }
    opener.close();
  }
}
