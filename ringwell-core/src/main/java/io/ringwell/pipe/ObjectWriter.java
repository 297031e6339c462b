package io.ringwell.pipe;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The half of an [ObjectPipe] that writes: a [PipeWriter] of objects, see there for waiting, ends,
/// errors and threads.
///
/// @param <T> what it writes
public final class ObjectWriter<T> implements AutoCloseable {
  private final PipeCore core;
  private final WriteSide side;

  ObjectWriter(PipeCore core) {
    this.core = core;
    this.side = new WriteSide(core);
  }

  /// Writes `object`; parks for room under the hard cap. The reader sees it with the next flush.
  ///
  /// @throws java.util.concurrent.CancellationException by [#cancelPending], where it waits
  public void write(T object) throws InterruptedIOException {
    Objects.requireNonNull(object, "object");
    if (side.windowLength() == 0) {
      side.reserve(1);
    }
    put(object);
  }

  /// The same without waiting: false where there is no room.
  public boolean tryWrite(T object) {
    Objects.requireNonNull(object, "object");
    if (side.windowLength() == 0 && side.tryReserve(1) == 0) {
      return false;
    }
    put(object);
    return true;
  }

  private void put(T object) {
    side.checkUsable();
    Objects.requireNonNull(side.tail().objects)[(int) side.position()] = object;
    side.commit(1);
  }

  /// See [PipeWriter#flush].
  public FlushResult flush() throws IOException {
    return side.flush();
  }

  /// See [PipeWriter#flushAsync].
  public CompletionStage<FlushResult> flushAsync() {
    return side.flushAsync();
  }

  /// See [PipeWriter#tryFlush()].
  public FlushResult tryFlush() throws IOException {
    return side.tryFlush();
  }

  /// See [PipeWriter#tryFlush(Runnable)].
  public FlushResult tryFlush(Runnable then) throws IOException {
    return side.tryFlush(Objects.requireNonNull(then, "then"));
  }

  /// Objects written so far.
  public long committed() {
    return side.committed();
  }

  /// See [PipeWriter#cancelPending].
  public void cancelPending() {
    core.cancelWrite();
  }

  /// See [PipeWriter#complete()].
  public void complete() {
    side.complete(null);
  }

  /// See [PipeWriter#complete(Throwable)].
  public void complete(@Nullable Throwable error) {
    side.complete(error);
  }

  /// See [PipeWriter#onReaderCompleted].
  public void onReaderCompleted(Consumer<@Nullable Throwable> callback) {
    core.reading.whenDone(callback);
  }

  void reset() {
    side.reset();
  }

  /// See [PipeWriter#close].
  @Override
  public void close() {
    if (!core.writing.isDone()) {
      side.complete(new IOException("the writer was closed before it was complete"));
    }
  }

  @Override
  public String toString() {
    return "ObjectWriter[committed " + committed() + "]";
  }
}
