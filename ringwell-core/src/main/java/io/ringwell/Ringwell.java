package io.ringwell;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineInfo;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.EngineStats;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.DirectFile;
import io.ringwell.file.OpenOptions;
import io.ringwell.memory.BufferPool;
import io.ringwell.sink.FileSinkOptions;
import io.ringwell.sink.Sink;
import io.ringwell.sink.Sinks;
import io.ringwell.window.Appender;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ManagedWriter;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.ReaderSet;
import io.ringwell.window.WholeFiles;
import io.ringwell.window.WholeHandler;
import io.ringwell.window.WholeOptions;
import io.ringwell.window.WindowMemory;
import io.ringwell.window.WindowSource;
import io.ringwell.window.WriterOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;

/// The front door: an engine, and the files opened on it.
///
/// ```java
/// try (Ringwell io = Ringwell.open();
///     AsyncFile file = io.open(path, OpenOptions.read());
///     Bytes head = file.read(0, 4096)) {
///   System.out.println(head.size());
/// }
/// ```
///
/// One is enough for a program: any number of threads and virtual threads share it. Closing it
/// waits for what is in flight and closes the files that are still open. Opening one starts a
/// thread for each ring and costs about a millisecond once the JVM is warm.
public final class Ringwell implements AutoCloseable {
  private final Engine engine;
  private final WindowMemory windowMemory;

  private Ringwell(Engine engine) {
    this.engine = engine;
    this.windowMemory = WindowMemory.of(engine.pool());
  }

  /// io_uring where it can be had, else threads; [#info()] says which and why.
  public static Ringwell open() {
    return new Ringwell(Engine.open());
  }

  /// The engine that the options name.
  ///
  /// @throws IllegalStateException where they insist on one that cannot be had
  public static Ringwell open(EngineOptions options) {
    return new Ringwell(Engine.open(options));
  }

  /// Opens a file; parks.
  public AsyncFile open(Path path, OpenOptions options) throws IOException {
    return AsyncFile.open(engine, path, options);
  }

  /// Opens a file.
  public CompletionStage<AsyncFile> openAsync(Path path, OpenOptions options) {
    return AsyncFile.openAsync(engine, path, options);
  }

  /// Opens a file for I/O past the page cache; parks.
  public DirectFile openDirect(Path path, OpenOptions options) throws IOException {
    return DirectFile.open(engine, path, options);
  }

  /// A reader of a file by windows; parks. Unless the options name other memory, all readers opened
  /// here share half of the engine's pool.
  public ManagedReader reader(Path path, ReaderOptions options) throws IOException {
    return ManagedReader.open(engine, path, shared(options));
  }

  /// A reader by windows of anything else, which it closes. Memory as for files.
  public ManagedReader reader(WindowSource source, ReaderOptions options) throws IOException {
    return ManagedReader.open(engine, source, shared(options));
  }

  private ReaderOptions shared(ReaderOptions options) {
    return options.memory() != null ? options : options.withMemory(windowMemory);
  }

  /// An empty set, to wait for many readers at once.
  public ReaderSet readerSet() {
    return ReaderSet.of(engine);
  }

  /// The bound that readers share, and what they use of it.
  public WindowMemory windowMemory() {
    return windowMemory;
  }

  /// Reads many small files whole, many at a time; parks until the last one is done.
  ///
  /// @return how many were read
  public long readWhole(Iterable<Path> paths, WholeOptions options, WholeHandler handler)
      throws IOException {
    return WholeFiles.read(engine, paths, options, handler);
  }

  /// A writer of a file by claims; parks.
  ///
  /// @throws IllegalStateException where the file is to be cut, and others have windows or claims
  public ManagedWriter writer(Path path, WriterOptions options) throws IOException {
    return ManagedWriter.open(engine, path, options);
  }

  /// Appends to a file behind what is there; parks.
  public Appender appender(Path path, WriterOptions options) throws IOException {
    return Appender.open(engine, path, options);
  }

  /// A sink to a file, which takes its name when the sink is complete; parks to open it.
  public Sink sink(Path path, FileSinkOptions options) throws IOException {
    return Sinks.file(engine, path, options);
  }

  /// Which engine is in use, why, and what it lacks.
  public EngineInfo info() {
    return engine.info();
  }

  public EngineStats stats() {
    return engine.stats();
  }

  /// Memory for I/O, aligned for direct I/O and registered where the engine can.
  public BufferPool pool() {
    return engine.pool();
  }

  /// The engine itself, for operations that files do not have.
  public Engine engine() {
    return engine;
  }

  @Override
  public void close() {
    engine.close();
  }
}
