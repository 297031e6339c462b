package io.ringwell.file;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/// Copies by reads and writes, several in flight. A buffer is read into and then written from: no
/// byte is copied in user memory.
///
/// Each slot goes round: free, reading, writing, free.
final class CopyPipeline {
  private static final int SLOTS = 8;

  private final Engine engine;
  private final FileHandle from;
  private final FileHandle to;
  private final long size;
  private final LongConsumer progress;
  private final CopyExtents extents;
  private final long grid;
  private final CompletionQueue done = new CompletionQueue();
  private final List<Slot> free = new ArrayList<>();
  private final List<Slot> busy = new ArrayList<>();
  private long next;
  private long end;
  private long copied;

  private static final class Slot {
    final Operation op = new Operation();
    final IoBuffer buffer;
    long at;
    long length;
    boolean writing;

    Slot(IoBuffer buffer) {
      this.buffer = buffer;
    }
  }

  /// @param start where to begin: on the grid
  CopyPipeline(
      Engine engine, FileHandle from, FileHandle to, long start, long size, LongConsumer progress) {
    this.engine = engine;
    this.from = from;
    this.to = to;
    this.size = size;
    this.progress = progress;
    this.grid = Math.max(from.offsetAlign(), to.offsetAlign());
    this.extents = new CopyExtents(engine, from, size, grid);
    extents.skipTo(start);
  }

  /// Copies to the end of the file.
  ///
  /// @return bytes of data that were copied
  long run() throws IOException {
    try {
      takeBuffers();
      while (true) {
        startReads();
        if (busy.isEmpty()) {
          return copied;
        }
        step(done.take());
      }
    } finally {
      drain();
      for (Slot slot : free) {
        slot.buffer.close();
      }
    }
  }

  /// As many as are wanted and can be had, and one at least.
  private void takeBuffers() throws IOException {
    long partBytes = FileCopy.partBytes(engine, 1);
    long parts = (size + partBytes - 1) / partBytes;
    long bytes = Math.min(partBytes, (Math.max(size, 1) + grid - 1) & -grid);
    free.add(new Slot(engine.pool().acquire(bytes)));
    for (int i = 1; i < Math.min(parts, SLOTS); i++) {
      IoBuffer buffer = engine.pool().tryAcquire(bytes);
      if (buffer != null) {
        free.add(new Slot(buffer));
      }
    }
  }

  private void startReads() throws IOException {
    while (!free.isEmpty() && (next < end || nextExtent())) {
      Slot slot = free.getLast();
      slot.at = next;
      slot.length = Math.min(slot.buffer.capacity(), end - next);
      slot.writing = false;
      slot.op.read(from, slot.buffer, 0, wide(slot.length), slot.at).notifying(done);
      engine.submit(slot.op);
      free.removeLast();
      busy.add(slot);
      next += slot.length;
    }
  }

  private boolean nextExtent() throws IOException {
    if (!extents.advance()) {
      return false;
    }
    next = extents.start();
    end = extents.end();
    return true;
  }

  /// Only the last part of a file is off the grid.
  private long wide(long length) {
    return (length + grid - 1) & -grid;
  }

  private void step(Operation op) throws IOException {
    Slot slot = slotOf(op);
    busy.remove(slot);
    free.add(slot);
    long moved = op.result();
    if (slot.writing) {
      copied += slot.length;
      progress.accept(slot.length);
      return;
    }
    if (moved < slot.length) {
      throw shrunk(from, size, slot.at + moved);
    }
    long wide = wide(slot.length);
    if (wide > slot.length) {
      // What lies behind the end of the file is written with it, and cut off when all is done.
      slot.buffer.segment().asSlice(slot.length, wide - slot.length).fill((byte) 0);
    }
    slot.writing = true;
    op.write(to, slot.buffer, 0, wide, slot.at).notifying(done);
    engine.submit(op);
    free.remove(slot);
    busy.add(slot);
  }

  static FileSystemException shrunk(FileHandle file, long size, long end) {
    return new FileSystemException(
        file.path().toString(),
        null,
        "was cut from "
            + size
            + " to "
            + end
            + " bytes while it was copied; copy it again when nobody writes to it");
  }

  private Slot slotOf(Operation op) {
    for (Slot slot : busy) {
      if (slot.op == op) {
        return slot;
      }
    }
    throw new AssertionError("an operation of nobody: " + op);
  }

  /// After a failure: nothing may be in flight when the files are closed.
  private void drain() {
    for (Slot slot : busy) {
      engine.cancel(slot.op);
    }
    boolean interrupted = false;
    while (!busy.isEmpty()) {
      Operation op = null;
      try {
        op = done.take();
      } catch (IOException e) {
        interrupted = true;
      }
      if (op != null) {
        Slot slot = slotOf(op);
        busy.remove(slot);
        free.add(slot);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
