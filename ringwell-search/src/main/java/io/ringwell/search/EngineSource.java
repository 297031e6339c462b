package io.ringwell.search;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.FileInfo;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import java.io.IOException;
import java.nio.file.Path;

/// A file that is read through the engine: ahead, past the page cache, or on the searching thread
/// where the page cache has it.
final class EngineSource implements Source {
  private final Engine engine;
  private final Tally tally;
  private final SearchRoute route;
  private final FileHandle file;
  private final FileInfo info;

  /// @param route AUTO, PREAD, RING or DIRECT
  EngineSource(Engine engine, Tally tally, Path path, SearchRoute route) throws IOException {
    this.engine = engine;
    this.tally = tally;
    this.route = route;
    int flags = OpenFlag.READ | (route == SearchRoute.DIRECT ? OpenFlag.DIRECT : 0);
    this.file = engine.open(path, flags, 0);
    try {
      Operation op = new Operation().statx(file);
      engine.submit(op);
      op.await();
      this.info = op.fileInfo();
    } catch (IOException | RuntimeException e) {
      engine.close(file);
      throw e;
    }
  }

  @Override
  public Blocks blocks(long from, long until) throws IOException {
    return route == SearchRoute.RING || route == SearchRoute.DIRECT || !file.isSeekable()
        ? new AheadBlocks(engine, tally, file, from, until)
        : new CachedBlocks(engine, tally, file, from, until, route == SearchRoute.AUTO);
  }

  @Override
  public long size() {
    return info.isRegularFile() ? info.size() : 0;
  }

  @Override
  public boolean splits() {
    return info.isRegularFile();
  }

  @Override
  public void close() throws IOException {
    engine.close(file);
  }
}
