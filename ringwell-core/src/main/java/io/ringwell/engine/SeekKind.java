package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.FileCalls;

/// Finds where data or a hole begins (lseek(2) with `SEEK_DATA` or `SEEK_HOLE`). The descriptor's
/// own position moves, which nothing here uses. `arguments` is the whence. The result is 64 bits
/// wide, so it is left in `transferred`.
final class SeekKind extends WorkerKind {
  static final SeekKind INSTANCE = new SeekKind();

  static final int DATA = 3;
  static final int HOLE = 4;

  private SeekKind() {
    super(OpCode.SEEK);
  }

  @Override
  int call(Operation op) {
    long found = FileCalls.lseek(op.handle().descriptor, op.offset, op.arguments);
    if (found == -Errno.ENXIO) {
      // No data from here to the end of the file.
      op.transferred = -1;
      return 0;
    }
    if (found < 0) {
      return (int) found;
    }
    op.transferred = found;
    return 0;
  }

  @Override
  boolean hasOffset() {
    return true;
  }
}
