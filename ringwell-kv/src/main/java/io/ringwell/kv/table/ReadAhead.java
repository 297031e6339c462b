package io.ringwell.kv.table;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Reads a file in spans that follow one another, and finds blocks in them.
///
/// A span holds many blocks. The first behind a seek is small ([#FIRST_BYTES]); while blocks are
/// asked for in order, each next one is twice as long, up to [#MOST_BYTES], and up to
/// [#SPANS_AHEAD] are read before they are asked for. What the page cache has is read when it is
/// asked for, and no more than [#CACHED_BYTES] of it: that stays in the processor's cache until it
/// is decoded. A block that two spans share is put together in memory of its own.
///
/// **Bound.** At the most [#SPANS_AHEAD] plus one spans and one block. Where the pool is exhausted,
/// less is read ahead.
///
/// **Threads.** One at a time.
final class ReadAhead implements AutoCloseable {
  static final int FIRST_BYTES = 8 << 10;
  static final int MOST_BYTES = 1 << 20;
  static final int CACHED_BYTES = 128 << 10;
  static final int SPANS_AHEAD = 3;

  /// Blocks may be aligned to pages, with nothing between them.
  private static final int PADDING_BYTES = 4096;

  private final TableFile file;

  /// One behind the other without a gap.
  private final ArrayDeque<Fetch> spans = new ArrayDeque<>(SPANS_AHEAD + 1);

  private long limit;
  private int spanBytes = FIRST_BYTES;
  private boolean inOrder;

  /// Where the block ended that was found last, and began.
  private long lastEnd = -1;

  private long lastStart = -1;

  /// How many blocks were asked for in order, forwards, up to the last one.
  private int run;

  /// Who still reads what was passed; null where nobody does.
  private @Nullable OpenAhead keeper;

  private @Nullable Fetch awaited;
  private @Nullable Room joined;
  private @Nullable Room found;
  private long foundAt;

  ReadAhead(TableFile file) {
    this.file = file;
    this.limit = file.size();
  }

  /// Nothing behind this place of the file is read ahead.
  void limit(long offset) {
    limit = Math.min(offset, file.size());
  }

  /// Where reading ahead ends.
  long limit() {
    return limit;
  }

  /// How many blocks were found one behind the other, forwards, up to the last one.
  int run() {
    return run;
  }

  /// From now on what was passed goes to `opening`, whose blocks may lie there.
  void passTo(OpenAhead opening) {
    keeper = opening;
  }

  /// Gives all memory to the one that it passes it to, and from now on to nobody.
  ///
  /// @return done when the kernel has let go of all of it
  CompletableFuture<Void> handOver() {
    CompletableFuture<?>[] reading =
        spans.stream()
            .filter(each -> !each.isDone())
            .map(each -> each.ready().toCompletableFuture())
            .toArray(CompletableFuture[]::new);
    close();
    keeper = null;
    run = 0;
    return CompletableFuture.allOf(reading);
  }

  /// Looks for a part of the file; true when it is in [#room] at [#position], until the next call.
  /// False where [#ready] says when to ask again. Never blocks.
  ///
  /// @param offset where it begins
  /// @param length in bytes
  /// @param backwards whether what lies before will be asked for next
  boolean find(long offset, long length, boolean backwards) throws IOException {
    boolean done = false;
    try {
      awaited = null;
      boolean there = locate(offset, offset + length, backwards);
      done = true;
      return there;
    } finally {
      if (!done) {
        drop();
      }
    }
  }

  private boolean locate(long offset, long end, boolean backwards) throws IOException {
    boolean again = offset == lastStart && end == lastEnd;
    if (!again) {
      noteOrder(offset, end, backwards);
    }
    Fetch first = spans.peekFirst();
    while (first != null && (offset < first.start || offset >= first.end)) {
      if (offset < first.start) {
        drop();
      } else {
        spans.removeFirst();
        leave(first);
      }
      first = spans.peekFirst();
    }
    if (first == null) {
      first = begin(offset, end, backwards);
    }
    if (!isThere(first)) {
      return false;
    }
    if (end <= first.end) {
      found = first.room;
      foundAt = offset - first.start;
    } else if (!join(offset, end)) {
      return false;
    }
    if (inOrder && !backwards && !first.wasCached()) {
      fill();
    }
    return true;
  }

  private void noteOrder(long offset, long end, boolean backwards) {
    inOrder =
        backwards
            ? end <= lastStart && lastStart - end < PADDING_BYTES
            : lastEnd >= 0 && offset >= lastEnd && offset - lastEnd < PADDING_BYTES;
    run = inOrder && !backwards ? run + 1 : 0;
    if (!inOrder) {
      spanBytes = FIRST_BYTES;
    }
    lastStart = offset;
    lastEnd = end;
  }

  private boolean isThere(Fetch fetch) throws IOException {
    if (!fetch.isDone()) {
      awaited = fetch;
      return false;
    }
    fetch.check();
    return true;
  }

  /// The first span of several.
  private Fetch begin(long offset, long end, boolean backwards) throws IOException {
    grow(false);
    long from = file.before(offset);
    long to = file.behind(end);
    long wideFrom = backwards ? Math.min(from, file.before(Math.max(0, to - spanBytes))) : from;
    long wideTo =
        backwards ? to : Math.max(to, file.before(Math.min(from + spanBytes, behindLimit())));
    Fetch fetch = file.tryFetch(wideFrom, wideTo);
    if (fetch == null) {
      fetch = require(from, to);
    }
    spans.add(fetch);
    return fetch;
  }

  private Fetch require(long from, long to) throws IOException {
    Fetch fetch = file.tryFetch(from, to);
    if (fetch == null) {
      throw file.noMemory(to - from);
    }
    return fetch;
  }

  private long behindLimit() {
    return file.behind(limit);
  }

  /// What was read in order so far makes the next span larger.
  private void grow(boolean cached) {
    if (inOrder) {
      int most = cached ? CACHED_BYTES : MOST_BYTES;
      spanBytes = Math.min(most, Math.max(FIRST_BYTES, spanBytes * 2));
    }
  }

  /// The next span, of at least `atLeast` bytes; null where the pool has no memory, or nothing is
  /// to be read ahead.
  private @Nullable Fetch append(long atLeast) {
    Fetch last = spans.getLast();
    grow(last.isDone() && last.wasCached());
    long from = last.end;
    long most = Math.max(from, file.before(Math.min(from + spanBytes, behindLimit())));
    if (from + spanBytes >= behindLimit()) {
      most = Math.max(from, behindLimit());
    }
    long to = Math.max(most, file.behind(from + atLeast));
    if (to <= from) {
      return null;
    }
    Fetch fetch = file.tryFetch(from, to);
    if (fetch != null) {
      spans.addLast(fetch);
    }
    return fetch;
  }

  private void fill() {
    while (spans.size() <= SPANS_AHEAD && append(0) != null) {
      // The loop's condition does the work.
    }
  }

  /// Puts a block together of several spans.
  private boolean join(long offset, long end) throws IOException {
    while (spans.getLast().end < end) {
      long missing = end - spans.getLast().end;
      if (append(missing) == null) {
        spans.addLast(require(spans.getLast().end, file.behind(end)));
      }
    }
    for (Fetch each : spans) {
      if (each.start < end && !isThere(each)) {
        return false;
      }
    }
    MemorySegment into = joinedRoom(end - offset).segment();
    for (Fetch each : spans) {
      long from = Math.max(offset, each.start);
      long to = Math.min(end, each.end);
      if (from < to) {
        MemorySegment.copy(each.room.segment(), from - each.start, into, from - offset, to - from);
      }
    }
    found = joined;
    foundAt = 0;
    return true;
  }

  private Room joinedRoom(long bytes) throws IOException {
    Room room = joined;
    if (room != null && room.isWritable() && room.segment().byteSize() >= bytes) {
      return room;
    }
    joined = null;
    leave(room);
    Room taken = Room.tryTake(file.pool(), bytes);
    if (taken == null) {
      throw file.noMemory(bytes);
    }
    joined = taken;
    return taken;
  }

  /// The memory that holds what was found.
  Room room() {
    return Objects.requireNonNull(found);
  }

  /// Where in [#room] it begins.
  long position() {
    return foundAt;
  }

  /// Completes when [#find] had better be asked again.
  CompletionStage<Void> ready() {
    Fetch fetch = awaited;
    return fetch == null ? CompletableFuture.completedStage(null) : fetch.ready();
  }

  private void drop() {
    for (Fetch each : spans) {
      leave(each);
    }
    spans.clear();
    found = null;
  }

  private void leave(Fetch fetch) {
    OpenAhead with = keeper;
    if (with == null) {
      fetch.release();
    } else {
      with.keep(fetch::release);
    }
  }

  private void leave(@Nullable Room room) {
    OpenAhead with = keeper;
    if (room == null) {
      return;
    }
    if (with == null) {
      room.close();
    } else {
      with.keep(room::close);
    }
  }

  /// Gives all memory back; what is still being read into goes back by itself.
  @Override
  public void close() {
    drop();
    Room room = joined;
    joined = null;
    leave(room);
  }
}
