package io.ringwell.search;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.FileInfo;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// A file that is read through the engine: ahead, past the page cache, or on the searching thread
/// where the page cache has it.
final class EngineSource implements Source {
  private final Engine engine;
  private final Tally tally;
  private final SearchRoute route;
  private final boolean adapts;
  private final String why;
  private final FileHandle file;
  private final FileInfo info;

  /// @param route AUTO, PREAD, RING or DIRECT
  EngineSource(Engine engine, Tally tally, Path path, SearchRoute route) throws IOException {
    this.engine = engine;
    this.tally = tally;
    int flags = OpenFlag.READ | (route == SearchRoute.DIRECT ? OpenFlag.DIRECT : 0);
    this.file = engine.open(path, flags, 0);
    try {
      Operation op = new Operation().statx(file);
      engine.submit(op);
      op.await();
      this.info = op.fileInfo();
      if (route == SearchRoute.AUTO) {
        AutoRoute planned = AutoRoute.of(engine.info().kind(), size());
        this.route = planned.route();
        this.why = planned.why();
      } else {
        this.route = route;
        this.why = "asked for";
      }
      this.adapts = route == SearchRoute.AUTO;
    } catch (IOException | RuntimeException e) {
      engine.close(file);
      throw e;
    }
  }

  @Override
  public Blocks blocks(long from, long until, MemorySegment buffer) throws IOException {
    return route == SearchRoute.RING || route == SearchRoute.DIRECT || !file.isSeekable()
        ? new AheadBlocks(engine, tally, file, from, until)
        : new CachedBlocks(engine, tally, file, from, until, adapts);
  }

  @Override
  public SearchRoute route() {
    return route;
  }

  @Override
  public String why() {
    return why;
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
