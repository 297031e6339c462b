package io.ringwell.pipe;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The half of an [ObjectPipe] that reads: a [PipeReader] of objects, see there for waiting, ends,
/// errors and threads.
///
/// @param <T> what it reads
public final class ObjectReader<T> implements AutoCloseable {
  private final PipeCore core;
  private final ReadSide side;
  private final ObjectRead<T> read;

  ObjectReader(PipeCore core) {
    this.core = core;
    this.side = new ReadSide(core);
    this.read = new ObjectRead<>(side);
  }

  ObjectRead<T> handle() {
    return read;
  }

  /// See [PipeReader#read]. The same object each time.
  public ObjectRead<T> read() throws IOException {
    side.read(0);
    return read.begin();
  }

  /// See [PipeReader#readAtLeast].
  public ObjectRead<T> readAtLeast(long objects) throws IOException {
    side.read(objects);
    return read.begin();
  }

  /// See [PipeReader#tryRead()].
  public @Nullable ObjectRead<T> tryRead() throws IOException {
    return side.tryRead() ? read.begin() : null;
  }

  /// See [PipeReader#tryRead(Runnable)].
  public @Nullable ObjectRead<T> tryRead(Runnable then) throws IOException {
    return side.tryRead(Objects.requireNonNull(then, "then")) ? read.begin() : null;
  }

  /// See [PipeReader#readAsync].
  public CompletionStage<ObjectRead<T>> readAsync() {
    return side.readAsync(0, read::begin);
  }

  /// See [PipeReader#readAtLeastAsync].
  public CompletionStage<ObjectRead<T>> readAtLeastAsync(long objects) {
    return side.readAsync(objects, read::begin);
  }

  /// See [PipeReader#cancelPending].
  public void cancelPending() {
    core.cancelRead();
  }

  /// Objects consumed so far.
  public long consumed() {
    return core.consumed.get();
  }

  /// See [PipeReader#complete()].
  public void complete() {
    side.complete(null);
  }

  /// See [PipeReader#complete(Throwable)].
  public void complete(@Nullable Throwable error) {
    side.complete(error);
  }

  /// See [PipeReader#onWriterCompleted].
  public void onWriterCompleted(Consumer<@Nullable Throwable> callback) {
    core.writing.whenDone(callback);
  }

  void reset() {
    side.reset();
  }

  /// See [PipeReader#close].
  @Override
  public void close() {
    side.complete(null);
  }

  @Override
  public String toString() {
    return "ObjectReader[consumed " + consumed() + "]";
  }
}
