package io.ringwell.window;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileInfo;
import io.ringwell.engine.OperationException;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.OpenOptions;
import io.ringwell.window.SourceFacts.Kind;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How a reader comes to be: looks at the file, plans, and opens it the way that the plan needs.
final class ReaderOpening {
  /// From this size on, in bytes, it is asked how much memory is free.
  private static final long LARGE = 256L << 20;

  private final Engine engine;
  private final ReaderOptions options;

  ReaderOpening(Engine engine, ReaderOptions options) {
    this.engine = engine;
    this.options = options;
  }

  ManagedReader open(Path path) throws IOException {
    boolean direct = options.route() == Route.DIRECT;
    OpenOptions how = direct ? OpenOptions.read().direct() : OpenOptions.read();
    AsyncFile file = AsyncFile.open(engine, path, how);
    ManagedReader reader = null;
    try {
      reader = open(file, true);
      return reader;
    } finally {
      if (reader == null || !reader.reads(file)) {
        file.close();
      }
    }
  }

  /// @param ours whether the reader may go on with another file of the same path, and closes it
  ManagedReader open(AsyncFile file, boolean ours) throws IOException {
    FileInfo info = file.info();
    if (info.isDirectory() || !file.handle().isSeekable()) {
      throw new FileSystemException(
          file.path().toString(),
          null,
          info.isDirectory()
              ? "is a directory; open the files in it"
              : "has no positions; read it in order by AsyncFile");
    }
    Object identity = FileIdentity.of(info, file.path());
    SourceFacts facts = facts(file, info);
    Environment environment = Environment.of(engine, options, info.size() > LARGE);
    if (!ours) {
      // It is read as it was opened.
      facts = facts.withDirectAlign(0);
      environment = environment.withoutMaps();
    }
    requireRoute(environment, file, ours);
    Plan plan = plan(facts, environment, file);
    if (!ours || file.handle().isDirect()) {
      return reader(
          new FileLoader(file, ours, info.size(), facts.granularity(), FileReads.open(identity)),
          facts,
          environment,
          plan);
    }
    if (plan.route() == Route.MAPPED) {
      return reader(
          MapLoader.open(file.handle(), info.size(), options.mapsLocked(), identity),
          facts,
          environment,
          plan);
    }
    if (plan.route() == Route.DIRECT) {
      AsyncFile direct = sameFile(file.path(), info);
      if (direct != null) {
        FileLoader loader =
            new FileLoader(
                direct, true, info.size(), granularity(direct), FileReads.open(identity));
        return reader(loader, facts, environment, plan);
      }
      SourceFacts without = facts.withDirectAlign(0);
      plan = Planner.choose(without, options.hint(), environment);
    }
    return reader(
        new FileLoader(file, true, info.size(), facts.granularity(), FileReads.open(identity)),
        facts,
        environment,
        plan);
  }

  private static int granularity(AsyncFile file) {
    return Math.max(4096, file.handle().offsetAlign());
  }

  private SourceFacts facts(AsyncFile file, FileInfo info) {
    int align = Math.max(0, info.directOffsetAlign());
    SourceFacts known = new SourceFacts(Kind.FILE, info.size(), -1, align, granularity(file), 1);
    if (options.route() != null || file.handle().isDirect()) {
      // Nothing hangs on the rest.
      return known;
    }
    return known
        .withFileSystem(FileLook.fileSystem(file.handle()))
        .withCachedShare(FileLook.cachedShare(file.handle(), info.size()));
  }

  /// Refuses a route that the file or the engine does not have. What is open for direct I/O cannot
  /// be read by another one, and what a caller opened cannot be opened anew.
  private void requireRoute(Environment environment, AsyncFile file, boolean ours) {
    Route insisted = options.route();
    if (insisted == null) {
      return;
    }
    if (!insisted.isForFiles()) {
      throw new IllegalArgumentException("a file is not read by route " + insisted);
    }
    boolean direct = file.handle().isDirect();
    if (!ours && (insisted == Route.MAPPED || direct != (insisted == Route.DIRECT))) {
      throw new IllegalArgumentException(
          file.path()
              + " was opened "
              + (direct ? "for direct I/O" : "through the page cache")
              + " and is not read by route "
              + insisted
              + "; let the reader open it");
    }
    if (insisted == Route.PREAD_NOWAIT && !environment.tryNow()) {
      throw new IllegalArgumentException(
          "the engine " + environment.engine() + " has no route " + insisted);
    }
  }

  private Plan plan(SourceFacts facts, Environment environment, AsyncFile file) {
    Route insisted = file.handle().isDirect() ? Route.DIRECT : options.route();
    return insisted != null
        ? Planner.forced(insisted, facts, options.hint(), environment)
        : Planner.choose(facts, options.hint(), environment);
  }

  /// The file once more, for direct I/O; null where that cannot be had, since the path leads to
  /// another file by now, or nowhere, or to one that takes none: another route has it still.
  private @Nullable AsyncFile sameFile(Path path, FileInfo before) throws IOException {
    AsyncFile direct;
    try {
      direct = AsyncFile.open(engine, path, OpenOptions.read().direct());
    } catch (OperationException otherwise) {
      return null;
    }
    boolean same = false;
    try {
      FileInfo now = direct.info();
      same = now.inode() == before.inode() && now.device() == before.device();
      return same ? direct : null;
    } finally {
      if (!same) {
        direct.close();
      }
    }
  }

  ManagedReader open(WindowSource source) throws IOException {
    boolean opened = false;
    try {
      ManagedReader reader = reader(source);
      opened = true;
      return reader;
    } finally {
      if (!opened) {
        source.close();
      }
    }
  }

  private ManagedReader reader(WindowSource source) throws IOException {
    boolean memory = source instanceof MemorySource;
    Route insisted = options.route();
    Route own = memory ? Route.MEMORY : Route.SOURCE;
    if (insisted != null && insisted != own) {
      throw new IllegalArgumentException(source.name() + " is not read by route " + insisted);
    }
    Loader loader =
        source instanceof MemorySource inMemory
            ? new MemoryLoader(inMemory)
            : new SourceLoader(source);
    SourceFacts facts =
        new SourceFacts(
                memory ? Kind.MEMORY : Kind.SOURCE, loader.size(), -1, 0, loader.granularity(), 1)
            .withSource(source.windowBytes(), source.latencyNanos());
    Environment environment = Environment.of(engine, options, false);
    Plan plan = Planner.choose(facts, options.hint(), environment);
    return new ManagedReader(engine, loader, options, facts, environment, plan);
  }

  private ManagedReader reader(Loader loader, SourceFacts facts, Environment environment, Plan plan)
      throws IOException {
    ManagedReader reader = null;
    try {
      reader = new ManagedReader(engine, loader, options, facts, environment, plan);
      return reader;
    } finally {
      if (reader == null) {
        loader.close();
      }
    }
  }
}
