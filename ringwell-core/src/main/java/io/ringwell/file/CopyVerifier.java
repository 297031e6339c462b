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
import org.jspecify.annotations.Nullable;

/// Reads a copy again and compares it with its source, wherever one of them has data.
///
/// The copy is read past the page cache where its file system can, so that it is the device's bytes
/// that are compared and not the memory that they were written from.
final class CopyVerifier implements AutoCloseable {
  private static final int SLOTS = 4;
  private static final int PART_BYTES = 1 << 20;

  private final Engine engine;
  private final FileHandle source;
  private final FileHandle copy;
  private final @Nullable FileHandle direct;
  private final Path name;
  private final long size;
  private final Slot[] slots = new Slot[SLOTS];
  private int turn;

  private static final class Slot {
    final Operation readSource = new Operation();
    final Operation readCopy = new Operation();
    final IoBuffer sourceBytes;
    final IoBuffer copyBytes;
    long at;
    int length;

    Slot(Engine engine) throws IOException {
      sourceBytes = engine.pool().acquire(PART_BYTES);
      copyBytes = engine.pool().acquire(PART_BYTES);
    }
  }

  /// @param name what the copy will be called
  CopyVerifier(Engine engine, FileHandle source, CopyTarget target, Path name, long size)
      throws IOException {
    this.engine = engine;
    this.source = source;
    this.copy = target.file();
    this.name = name;
    this.size = size;
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
    for (int i = 0; i < SLOTS; i++) {
      finish(slots[(turn + i) % SLOTS]);
    }
  }

  private void compare(long from, long to, FileHandle reread, long grid) throws IOException {
    for (long at = from; at < to; at += PART_BYTES) {
      int index = turn++ % SLOTS;
      if (slots[index] == null) {
        slots[index] = new Slot(engine);
      }
      Slot slot = slots[index];
      finish(slot);
      slot.at = at;
      slot.length = (int) Math.min(PART_BYTES, to - at);
      long wide = (slot.length + grid - 1) & -grid;
      engine.submit(slot.readSource.read(source, slot.sourceBytes, 0, wide, at));
      engine.submit(slot.readCopy.read(reread, slot.copyBytes, 0, wide, at));
    }
  }

  private void finish(@Nullable Slot slot) throws IOException {
    if (slot == null || slot.length == 0) {
      return;
    }
    long inSource = Math.min(slot.readSource.await(), slot.length);
    long inCopy = Math.min(slot.readCopy.await(), slot.length);
    long differs =
        MemorySegment.mismatch(
            slot.sourceBytes.segment(), 0, inSource, slot.copyBytes.segment(), 0, inCopy);
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
      if (slot != null) {
        // What a read in flight still uses goes back when it is complete.
        slot.sourceBytes.close();
        slot.copyBytes.close();
      }
    }
    if (direct != null) {
      engine.close(direct);
    }
  }
}
