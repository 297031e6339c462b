package io.ringwell.window;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.FileInfo;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/// How a writer comes about: the file is opened, its facts are asked for, the bounds checked
/// against them, the lock taken, and last, since it destroys, the file cut where the options say
/// so.
final class WriterOpening {
  private final Engine engine;
  private final FileHandle file;
  private final WriterOptions options;

  private WriterOpening(Engine engine, FileHandle file, WriterOptions options) {
    this.engine = engine;
    this.file = file;
    this.options = options;
  }

  static ManagedWriter open(Engine engine, Path path, WriterOptions options) throws IOException {
    int flags = options.file().flags() & ~OpenFlag.TRUNCATE;
    FileHandle file = engine.open(path, flags, options.file().mode());
    boolean opened = false;
    try {
      ManagedWriter writer = new WriterOpening(engine, file, options).finish();
      opened = true;
      return writer;
    } finally {
      if (!opened) {
        engine.close(file);
      }
    }
  }

  private ManagedWriter finish() throws IOException {
    if (!file.isSeekable()) {
      throw new FileSystemException(
          file.path().toString(), null, "has no positions to write at: it is no regular file");
    }
    checkBounds();
    if (options.lock()) {
      run(new Operation().lock(file, 0, 0, true, false));
    }
    FileInfo info = info();
    FileRanges ranges = FileRanges.open(FileIdentity.of(info, file.path()));
    boolean finished = false;
    try {
      if ((options.file().flags() & OpenFlag.TRUNCATE) != 0 && info.size() > 0) {
        truncate(ranges);
        info = info();
      }
      FileEnd end = new FileEnd(file.offsetAlign(), info.size());
      WriterCore core = new WriterCore(engine, file, options, ranges, end);
      core.claiming().startKeeping();
      finished = true;
      return new ManagedWriter(core, options, ranges);
    } finally {
      if (!finished) {
        ranges.close();
      }
    }
  }

  private void checkBounds() {
    long granularity = file.offsetAlign();
    if (options.maxClaim() % granularity != 0) {
      throw new IllegalArgumentException(
          "maxClaim is "
              + options.maxClaim()
              + " bytes, and direct I/O on "
              + file.path()
              + " wants multiples of "
              + granularity);
    }
    if (options.maxClaim() > engine.pool().maxBytes()) {
      throw new IllegalArgumentException(
          "maxClaim is "
              + options.maxClaim()
              + " bytes, and the engine's pool has "
              + engine.pool().maxBytes());
    }
  }

  /// Nobody's window may lose its ground.
  private void truncate(FileRanges ranges) throws IOException {
    FileRange all = new FileRange("cut of the file", null);
    ranges.enterWrite(all, 0, Long.MAX_VALUE, options.overlap());
    try {
      run(new Operation().truncate(file, 0));
    } finally {
      ranges.exit(all);
    }
  }

  private FileInfo info() throws IOException {
    Operation stat = new Operation().statx(file);
    run(stat);
    return stat.fileInfo();
  }

  private void run(Operation op) throws IOException {
    engine.submit(op);
    op.await();
  }
}
