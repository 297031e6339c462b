package io.ringwell.file;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpCode;
import io.ringwell.engine.Operation;
import java.io.IOException;

/// Walks over the parts of a file that hold data, up to a size: what lies between are holes.
///
/// Ends are on a grid, for direct I/O: a part is widened to it, and joined to the one before where
/// they meet.
final class CopyExtents {
  private final Engine engine;
  private final FileHandle file;
  private final long size;
  private final long grid;
  private final boolean seeks;
  private final Operation op = new Operation();
  private long next;
  private long start;
  private long end;

  /// @param grid a power of two in bytes, 1 where none is asked for
  CopyExtents(Engine engine, FileHandle file, long size, long grid) {
    this.engine = engine;
    this.file = file;
    this.size = size;
    this.grid = grid;
    this.seeks = engine.supports(OpCode.SEEK) && file.isSeekable();
  }

  /// Leaves out what lies before `offset`, which is on the grid.
  void skipTo(long offset) {
    next = offset;
  }

  /// Moves to the next part with data; false when there is none.
  boolean advance() throws IOException {
    if (next >= size) {
      return false;
    }
    long data = seeks ? seek(next, false) : next;
    if (data < 0 || data >= size) {
      next = size;
      return false;
    }
    long hole = seeks ? seek(data, true) : size;
    start = Math.max(next, data & -grid);
    end = Math.min(size, (Math.max(hole, data + 1) + grid - 1) & -grid);
    next = end;
    return true;
  }

  private long seek(long offset, boolean hole) throws IOException {
    engine.submit(op.seek(file, offset, hole));
    return op.await();
  }

  /// Where the part begins: on the grid.
  long start() {
    return start;
  }

  /// Where it ends: on the grid, or at the size.
  long end() {
    return end;
  }
}
