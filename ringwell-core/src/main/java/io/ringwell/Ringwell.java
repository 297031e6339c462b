package io.ringwell;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineInfo;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.EngineStats;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.DirectFile;
import io.ringwell.file.OpenOptions;
import io.ringwell.memory.BufferPool;
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

  private Ringwell(Engine engine) {
    this.engine = engine;
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
