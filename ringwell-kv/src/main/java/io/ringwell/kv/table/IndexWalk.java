package io.ringwell.kv.table;

import io.ringwell.kv.KvIterator;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Goes from block to block as the index tells, of one level or two.
///
/// Each move answers [KvIterator#ENTRY] where it stands on a block, [KvIterator#END] where there is
/// none in that direction, or [KvIterator#PENDING] while a part of the index is read: then the same
/// move is to be made again, or a seek.
///
/// **Threads.** One at a time.
final class IndexWalk implements AutoCloseable {
  private final IndexCursor top;
  private final @Nullable IndexCursor part;
  private final @Nullable BlockLoader parts;

  /// Whether the upper level has moved to a part that is not there yet.
  private boolean loading;

  IndexWalk(Table table) throws TableException {
    TableFormat format = table.format();
    this.top = format.indexCursor();
    this.part = format.partitioned() ? format.partitionCursor() : null;
    this.parts = part == null ? null : new BlockLoader(table, TableFormat.PARTITION);
  }

  /// The entry that it stands on.
  IndexCursor at() {
    return part == null ? top : part;
  }

  // ---- seeks

  /// To the first block.
  int first() throws IOException {
    if (!loading) {
      top.toStart();
    }
    return forward();
  }

  /// To the last block.
  int last() throws IOException {
    if (!loading) {
      top.toEnd();
    }
    return backward();
  }

  /// To the first block whose separator's user key is not before `key`, or, where `behind`, is
  /// behind it.
  int seek(MemorySegment key, int length, boolean behind) throws IOException {
    if (!loading && !top.seek(key, length, behind)) {
      return end();
    }
    if (part == null) {
      return KvIterator.ENTRY;
    }
    if (!load()) {
      return KvIterator.PENDING;
    }
    return part.seek(key, length, behind) ? KvIterator.ENTRY : forward();
  }

  /// The upper level stands beyond its entries, and so must the lower one: the way back begins with
  /// the upper one.
  private int end() {
    top.forgetLater();
    if (part != null) {
      part.reset();
      part.forgetLater();
    }
    return KvIterator.END;
  }

  /// Forgets a part that is being read: what comes next is a seek.
  void giveUp() {
    loading = false;
    top.forgetLater();
    if (part != null) {
      part.forgetLater();
    }
  }

  // ---- steps

  int next() throws IOException {
    if (part != null && !loading && part.next()) {
      return KvIterator.ENTRY;
    }
    return forward();
  }

  int previous() throws IOException {
    if (part != null && !loading && part.previous(part.limit())) {
      return KvIterator.ENTRY;
    }
    return backward();
  }

  private int forward() throws IOException {
    while (loading || top.next()) {
      if (part == null) {
        return KvIterator.ENTRY;
      }
      if (!load()) {
        return KvIterator.PENDING;
      }
      if (part.next()) {
        return KvIterator.ENTRY;
      }
    }
    return end();
  }

  private int backward() throws IOException {
    while (loading || top.previous(top.limit())) {
      if (part == null) {
        return KvIterator.ENTRY;
      }
      if (!load()) {
        return KvIterator.PENDING;
      }
      part.toEnd();
      if (part.previous(part.limit())) {
        return KvIterator.ENTRY;
      }
    }
    return end();
  }

  /// Brings the part that the upper level stands on; false while it is read.
  private boolean load() throws IOException {
    loading = true;
    BlockLoader loader = Objects.requireNonNull(parts);
    if (!loader.load(top, true, false)) {
      return false;
    }
    loading = false;
    Objects.requireNonNull(part)
        .open(loader.memory(), loader.position(), loader.size(), top.blockOffset, false);
    return true;
  }

  /// Completes when a move that is pending had better be made again.
  CompletionStage<Void> ready() {
    return parts == null ? CompletableFuture.completedStage(null) : parts.ready();
  }

  @Override
  public void close() {
    if (parts != null) {
      parts.close();
    }
  }
}
