package io.ringwell.file;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a copy again and compares it with its source, wherever one of them has data.
///
/// The copy is read past the page cache where its file system can, so that it is the device's bytes
/// that are compared and not the memory that they were written from.
final class CopyVerifier implements AutoCloseable {
  private static final int SLOTS = 4;

  private final Engine engine;
  private final FileHandle source;
  private final FileHandle copy;
  private final @Nullable FileHandle direct;
  private final Path name;
  private final long size;
  private final List<Slot> slots = new ArrayList<>();
  private int turn;

  private final int partBytes;

  /// One buffer for both reads, source first: who waits for memory holds none.
  private static final class Slot {
    final Operation readSource = new Operation();
    final Operation readCopy = new Operation();
    final IoBuffer buffer;
    long at;
    int length;

    Slot(IoBuffer buffer) {
      this.buffer = buffer;
    }
  }

  /// @param name what the copy will be called
  CopyVerifier(Engine engine, FileHandle source, AtomicFile target, Path name, long size)
      throws IOException {
    this.engine = engine;
    this.source = source;
    this.copy = target.file();
    this.name = name;
    this.size = size;
    this.partBytes = FileCopy.partBytes(engine, 2);
    this.direct = copy.isDirect() ? null : openDirect(engine, target.path());
  }

  private static @Nullable FileHandle openDirect(Engine engine, Path path) throws IOException {
    try {
      return engine.open(path, OpenFlag.READ | OpenFlag.DIRECT, 0);
    } catch (OperationException e) {
      return null;
    }
  }

  /// @throws FileSystemException where they differ
  void run() throws IOException {
    FileHandle reread = direct != null ? direct : copy;
    long grid = Math.max(source.offsetAlign(), reread.offsetAlign());
    CopyExtents ofSource = new CopyExtents(engine, source, size, grid);
    CopyExtents ofCopy = new CopyExtents(engine, copy, size, grid);
    long done = 0;
    boolean inSource = ofSource.advance();
    boolean inCopy = ofCopy.advance();
    while (inSource || inCopy) {
      boolean first = inSource && (!inCopy || ofSource.start() <= ofCopy.start());
      CopyExtents part = first ? ofSource : ofCopy;
      compare(Math.max(done, part.start()), part.end(), reread, grid);
      done = Math.max(done, part.end());
      if (first) {
        inSource = ofSource.advance();
      } else {
        inCopy = ofCopy.advance();
      }
    }
    for (Slot slot : slots) {
      finish(slot);
    }
  }

  private void compare(long from, long to, FileHandle reread, long grid) throws IOException {
    for (long at = from; at < to; at += partBytes) {
      Slot slot = nextSlot();
      finish(slot);
      slot.at = at;
      slot.length = (int) Math.min(partBytes, to - at);
      long wide = (slot.length + grid - 1) & -grid;
      engine.submit(slot.readSource.read(source, slot.buffer, 0, wide, at));
      engine.submit(slot.readCopy.read(reread, slot.buffer, partBytes, wide, at));
    }
  }

  /// A new one while there is memory for it, else the one that was used longest ago.
  private Slot nextSlot() throws IOException {
    IoBuffer buffer = null;
    if (slots.isEmpty()) {
      buffer = engine.pool().acquire(2L * partBytes);
    } else if (slots.size() < SLOTS && turn % slots.size() == 0) {
      buffer = engine.pool().tryAcquire(2L * partBytes);
    }
    if (buffer != null) {
      slots.add(new Slot(buffer));
      return slots.getLast();
    }
    return slots.get(turn++ % slots.size());
  }

  private void finish(Slot slot) throws IOException {
    if (slot.length == 0) {
      return;
    }
    long inSource = Math.min(slot.readSource.await(), slot.length);
    long inCopy = Math.min(slot.readCopy.await(), slot.length);
    long differs =
        MemorySegment.mismatch(
            slot.buffer.segment(),
            0,
            inSource,
            slot.buffer.segment(),
            partBytes,
            partBytes + inCopy);
    if (differs >= 0) {
      throw new FileSystemException(
          name.toString(),
          source.path().toString(),
          "differs from "
              + source.path()
              + " at offset "
              + (slot.at + differs)
              + "; the copy was discarded: copy again when nobody writes to it, or look at the"
              + " device");
    }
    slot.length = 0;
  }

  @Override
  public void close() throws IOException {
    for (Slot slot : slots) {
      // What a read in flight still uses goes back when it is complete.
      slot.buffer.close();
    }
    if (direct != null) {
      engine.close(direct);
    }
  }
}
