package io.ringwell.kv.table;

import io.ringwell.engine.Engine;
import io.ringwell.file.AsyncFile;
import io.ringwell.memory.BufferPool;
import io.ringwell.window.WindowSource;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where a table's bytes come from: a file of the engine, or a source. Reads begin and end on
/// multiples of [#granularity], save at the file's end.
final class TableFile implements AutoCloseable {
  /// What direct reads are aligned to where nobody says otherwise, and what a read costs anyway.
  private static final int PAGE_BYTES = 4096;

  private final Engine engine;
  private final @Nullable AsyncFile file;
  private final @Nullable WindowSource source;
  private final boolean owned;
  private final String name;
  private final long size;
  private final int granularity;

  private TableFile(
      Engine engine,
      @Nullable AsyncFile file,
      @Nullable WindowSource source,
      boolean owned,
      String name,
      long size,
      int granularity) {
    this.engine = engine;
    this.file = file;
    this.source = source;
    this.owned = owned;
    this.name = name;
    this.size = size;
    this.granularity = granularity;
  }

  /// @param owned whether closing this closes the file
  static TableFile of(AsyncFile file, boolean owned) throws IOException {
    return new TableFile(
        file.engine(), file, null, owned, file.path().toString(), file.size(), PAGE_BYTES);
  }

  /// A source, which closing this closes.
  static TableFile of(Engine engine, WindowSource source) throws IOException {
    long size = source.size();
    if (size < 0) {
      throw new IOException(
          source.name() + " does not say how long it is, and a table is read from its end");
    }
    int granularity = Math.max(PAGE_BYTES, source.granularity());
    return new TableFile(engine, null, source, true, source.name(), size, granularity);
  }

  String name() {
    return name;
  }

  /// In bytes, as it was when this was made.
  long size() {
    return size;
  }

  int granularity() {
    return granularity;
  }

  BufferPool pool() {
    return engine.pool();
  }

  /// What a read is refused with for which there is no memory.
  IOException noMemory(long bytes) {
    return new IOException(
        name
            + ": no "
            + bytes
            + " bytes for a block are left in the engine's pool, which has "
            + pool().maxBytes()
            + "; close iterators, or give the engine a larger pool");
  }

  /// The last place not behind `at` where a read can begin.
  long before(long at) {
    return at & -granularity;
  }

  /// The first place not before `at` where a read can end.
  long behind(long at) {
    return Math.min(size, (at + granularity - 1) & -granularity);
  }

  /// Begins to read from `start` to `end`, which [#before] and [#behind] gave. Never blocks; null
  /// where the pool has no memory for it now.
  @Nullable Fetch tryFetch(long start, long end) {
    return tryFetch(start, end, false);
  }

  /// The same of several reads that [#submit] begins together.
  @Nullable Fetch tryPrepare(long start, long end) {
    return tryFetch(start, end, true);
  }

  private @Nullable Fetch tryFetch(long start, long end, boolean later) {
    // Direct reads want whole blocks of the device, also at the end.
    long length = (end - start + granularity - 1) & -granularity;
    Room room = Room.tryTake(pool(), length);
    if (room == null) {
      return null;
    }
    boolean begun = false;
    try {
      Fetch fetch = later ? prepare(start, end, room) : begin(start, end, room);
      begun = true;
      return fetch;
    } finally {
      if (!begun) {
        room.close();
      }
    }
  }

  private Fetch begin(long start, long end, Room room) {
    if (file != null) {
      return FileFetch.begin(engine, file.handle(), start, end, room);
    }
    SourceFetch fetch = new SourceFetch(Objects.requireNonNull(source), start, end, room);
    fetch.begin();
    return fetch;
  }

  private Fetch prepare(long start, long end, Room room) {
    return file != null
        ? FileFetch.prepare(engine, file.handle(), start, end, room)
        : new SourceFetch(Objects.requireNonNull(source), start, end, room);
  }

  /// Begins all reads that were prepared, of a file by one submit. Parks while the engine's queue
  /// is full. Where this throws, none may be released but those that have ended.
  void submit(List<Fetch> prepared) throws IOException {
    if (file != null) {
      FileFetch.submit(engine, prepared);
      return;
    }
    for (Fetch each : prepared) {
      ((SourceFetch) each).begin();
    }
  }

  @Override
  public void close() throws IOException {
    if (!owned) {
      return;
    }
    if (file != null) {
      file.close();
    }
    if (source != null) {
      source.close();
    }
  }
}
