package io.ringwell.pipe;

import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The half of a [TypedPipe] that reads. It is a [PipeReader] that counts elements: see there for
/// waiting, ends, errors and threads.
///
/// @param <R> what a read gives
public final class ElementReader<R extends ElementRead> implements AutoCloseable {
  private final PipeReader reader;
  private final R read;

  ElementReader(PipeReader reader, R read) {
    this.reader = reader;
    this.read = read;
  }

  R handle() {
    return read;
  }

  /// See [PipeReader#read]. The same object each time.
  public R read() throws IOException {
    reader.read();
    return read;
  }

  /// See [PipeReader#readAtLeast].
  public R readAtLeast(long elements) throws IOException {
    reader.readAtLeast(ElementWriter.bytes(elements, read.shift()));
    return read;
  }

  /// See [PipeReader#tryRead()].
  public @Nullable R tryRead() throws IOException {
    return reader.tryRead() == null ? null : read;
  }

  /// See [PipeReader#tryRead(Runnable)].
  public @Nullable R tryRead(Runnable then) throws IOException {
    return reader.tryRead(then) == null ? null : read;
  }

  /// See [PipeReader#readAsync].
  public CompletionStage<R> readAsync() {
    return reader.readAsync().thenApply(bytes -> read);
  }

  /// See [PipeReader#readAtLeastAsync].
  public CompletionStage<R> readAtLeastAsync(long elements) {
    return reader
        .readAtLeastAsync(ElementWriter.bytes(elements, read.shift()))
        .thenApply(bytes -> read);
  }

  /// See [PipeReader#cancelPending].
  public void cancelPending() {
    reader.cancelPending();
  }

  /// Elements consumed so far.
  public long consumed() {
    return reader.consumed() >> read.shift();
  }

  /// See [PipeReader#complete()].
  public void complete() {
    reader.complete();
  }

  /// See [PipeReader#complete(Throwable)].
  public void complete(@Nullable Throwable error) {
    reader.complete(error);
  }

  /// See [PipeReader#onWriterCompleted].
  public void onWriterCompleted(Consumer<@Nullable Throwable> callback) {
    reader.onWriterCompleted(callback);
  }

  /// See [PipeReader#close].
  @Override
  public void close() {
    reader.close();
  }

  @Override
  public String toString() {
    return "ElementReader[consumed " + consumed() + "]";
  }
}
