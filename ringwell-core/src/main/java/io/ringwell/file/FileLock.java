package io.ringwell.file;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/// An advisory lock on a range, held by an open file until it is closed here or the file is closed.
/// Advisory: it keeps off only those who lock, too.
public final class FileLock implements AutoCloseable {
  private final AsyncFile file;
  private final long offset;
  private final long length;
  private final AtomicBoolean released = new AtomicBoolean();

  FileLock(AsyncFile file, long offset, long length) {
    this.file = file;
    this.offset = offset;
    this.length = length;
  }

  public long offset() {
    return offset;
  }

  /// 0 reaches to the end of the file, wherever that is.
  public long length() {
    return length;
  }

  /// Gives the lock up; parks. Once more does nothing.
  @Override
  public void close() throws IOException {
    if (released.compareAndSet(false, true)) {
      file.unlock(offset, length);
    }
  }
}
