package io.ringwell.window;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import io.ringwell.file.AsyncFile;
import java.io.IOException;
import java.util.Objects;

/// Reads a file through its engine.
final class FileLoader extends Loader {
  private final AsyncFile file;
  private final Engine engine;
  private final FileHandle handle;
  private final boolean owned;
  private final long size;
  private final int granularity;
  private final FileReads reads;
  private boolean uncached;

  /// @param owned whether the file is closed with the reader
  /// @param reads of the file, closed with the reader
  FileLoader(AsyncFile file, boolean owned, long size, int granularity, FileReads reads) {
    this.reads = reads;
    this.file = file;
    this.engine = file.engine();
    this.handle = file.handle();
    this.owned = owned;
    this.size = size;
    this.granularity = granularity;
  }

  @Override
  String name() {
    return handle.path().toString();
  }

  @Override
  long size() {
    return size;
  }

  @Override
  int granularity() {
    return granularity;
  }

  @Override
  double cachedShare(long from, long to) {
    return FileLook.cachedShare(handle, from, to);
  }

  @Override
  void route(Route route) {
    uncached = route == Route.UNCACHED;
  }

  /// One system call.
  @Override
  boolean mayHaveGrown(long end) {
    long now = FileLook.size(handle);
    return now < 0 || now > end;
  }

  @Override
  long start(Slot slot, Arrivals arrivals, boolean tryFirst) {
    Operation op = slot.op;
    FileRead place = slot.place;
    if (op == null || place == null) {
      op = new Operation();
      place = new FileRead(reads);
      slot.op = op;
      slot.place = place;
    }
    long length = slot.planned - slot.start;
    op.read(handle, Objects.requireNonNull(slot.buffer), 0, length, slot.start);
    // The slot's former bytes are about to go.
    reads.leave(place);
    if (!reads.enter(place, slot.start, length, Overlap.WAIT)) {
      return BLOCKED;
    }
    if (tryFirst && engine.tryNow(op)) {
      return place.outdated ? BLOCKED : op.transferred();
    }
    if (uncached) {
      op.dontCache();
    }
    arrivals.submit(slot);
    return -1;
  }

  @Override
  FileReads reads() {
    return reads;
  }

  @Override
  long finish(Slot slot) throws IOException {
    return Objects.requireNonNull(slot.op).result();
  }

  @Override
  boolean withdraw(Slot slot, Arrivals arrivals) {
    return arrivals.withdraw(slot);
  }

  /// A cancelled operation arrives all the same.
  @Override
  boolean giveUp(Slot slot, Arrivals arrivals) {
    engine.cancel(Objects.requireNonNull(slot.op));
    return false;
  }

  Engine engine() {
    return engine;
  }

  @SuppressWarnings("ReferenceEquality") // Files have identity.
  boolean reads(AsyncFile one) {
    return file == one;
  }

  @Override
  void close() throws IOException {
    reads.close();
    if (owned) {
      file.close();
    }
  }
}
