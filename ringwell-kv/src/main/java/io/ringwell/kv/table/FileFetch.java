package io.ringwell.kv.table;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A read by the engine. What lies in the page cache is there when it was begun.
final class FileFetch extends Fetch {
  private final Operation operation = new Operation();
  private final FileHandle file;
  private final boolean cached;

  /// Null where [#await] alone waits for it.
  private @Nullable CompletionStage<Void> ready;

  /// Why it could not be submitted.
  private volatile @Nullable IOException refused;

  private volatile boolean isRefused;

  /// What the page cache has is read now; all else when it is submitted.
  private FileFetch(Engine engine, FileHandle file, long start, long end, Room room) {
    super(start, end, room);
    this.file = file;
    boolean direct = (file.flags() & OpenFlag.DIRECT) != 0;
    long length = direct ? room.buffer().capacity() : end - start;
    operation.read(file, room.buffer(), 0, length, start);
    cached = engine.tryNow(operation);
  }

  /// Begins to read. Never blocks.
  static FileFetch begin(Engine engine, FileHandle file, long start, long end, Room room) {
    FileFetch fetch = new FileFetch(engine, file, start, end, room);
    fetch.ready = fetch.cached ? CompletableFuture.completedStage(null) : fetch.submit(engine);
    return fetch;
  }

  /// One of several that [#submit(Engine, List)] begins to read together.
  static FileFetch prepare(Engine engine, FileHandle file, long start, long end, Room room) {
    return new FileFetch(engine, file, start, end, room);
  }

  /// Submits what was prepared at once, save what is there already. Parks while the engine's queue
  /// is full. There are no stages of it: [#await].
  static void submit(Engine engine, List<Fetch> prepared) throws IOException {
    Operation[] operations = new Operation[prepared.size()];
    int count = 0;
    for (Fetch each : prepared) {
      if (each instanceof FileFetch fetch && !fetch.cached) {
        operations[count++] = fetch.operation;
      }
    }
    engine.submit(operations, 0, count);
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
    return Objects.requireNonNull(ready, "it was begun with others");
  }

  @Override
  void await() throws IOException {
    if (isDone()) {
      return;
    }
    if (ready != null) {
      super.await();
      return;
    }
    try {
      operation.await();
    } catch (OperationException e) {
      // The check tells of it.
      if (!operation.isDone()) {
        throw e;
      }
    }
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
