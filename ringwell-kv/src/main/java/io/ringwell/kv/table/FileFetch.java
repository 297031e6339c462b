package io.ringwell.kv.table;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A read by the engine. What lies in the page cache is there when it was begun.
final class FileFetch extends Fetch {
  private final Operation operation = new Operation();
  private final FileHandle file;
  private final CompletionStage<Void> ready;
  private final boolean cached;

  /// Why it could not be submitted.
  private volatile @Nullable IOException refused;

  private volatile boolean isRefused;

  /// Begins to read. Never blocks.
  FileFetch(Engine engine, FileHandle file, long start, long end, Room room) {
    super(start, end, room);
    this.file = file;
    operation.read(file, room.buffer(), 0, end - start, start);
    cached = engine.tryNow(operation);
    ready = cached ? CompletableFuture.completedStage(null) : submit(engine);
  }

  private CompletionStage<Void> submit(Engine engine) {
    CompletableFuture<Void> told = new CompletableFuture<>();
    operation.stage().whenComplete((done, failure) -> told.complete(null));
    if (!engine.trySubmit(operation)) {
      // The engine's queue is full: somebody has to wait, and it must not be the caller.
      Thread.ofVirtual().name("ringwell-kv-submit").start(() -> submitLater(engine, told));
    }
    return told;
  }

  private void submitLater(Engine engine, CompletableFuture<Void> told) {
    try {
      engine.submit(operation);
    } catch (IOException | RuntimeException e) {
      refused = e instanceof IOException io ? io : new IOException("the read was refused", e);
      isRefused = true;
      told.complete(null);
    }
  }

  @Override
  boolean isDone() {
    return cached || operation.isDone() || isRefused;
  }

  @Override
  CompletionStage<Void> ready() {
    return ready;
  }

  @Override
  boolean wasCached() {
    return cached;
  }

  @Override
  void check() throws IOException {
    IOException why = refused;
    if (why != null) {
      throw why;
    }
    long read = operation.result();
    if (read < end - start) {
      throw shorter(file.path().toString(), start, end - start, read);
    }
  }

  /// The engine lends the memory for as long as the kernel has it.
  @Override
  void release() {
    room.close();
  }

  static EOFException shorter(String file, long from, long length, long read) {
    return new EOFException(
        "read "
            + file
            + " at "
            + from
            + " for "
            + length
            + " bytes: the file ends after "
            + read
            + ", and was longer when the table was opened");
  }
}
