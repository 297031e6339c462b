package io.ringwell.pipe;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The half of a [TypedPipe] that writes. It is a [PipeWriter] that counts elements: see there for
/// waiting, ends, errors and threads. Elements have this machine's byte order, and none ever lies
/// in two fragments.
public abstract sealed class ElementWriter implements AutoCloseable
    permits IntWriter, LongWriter, FloatWriter, DoubleWriter, CharWriter, ShortWriter {
  private final PipeWriter writer;
  private final int shift;

  ElementWriter(PipeWriter writer, int elementBytes) {
    this.writer = writer;
    this.shift = Integer.numberOfTrailingZeros(elementBytes);
  }

  /// A window of `least` elements or more, and of at least one; parks as [PipeWriter#reserve].
  ///
  /// @return how many it has
  public final long reserve(long least) throws InterruptedIOException {
    PipeWriter.checkLeast(least);
    return writer.reserve(bytes(Math.max(least, 1), shift)) >> shift;
  }

  /// The same without waiting: 0 where there is no room or no memory now.
  public final long tryReserve(long least) {
    PipeWriter.checkLeast(least);
    return writer.tryReserve(bytes(Math.max(least, 1), shift)) >> shift;
  }

  /// What is too much for a number of bytes is too much for all else, too.
  static long bytes(long elements, int shift) {
    long bytes = elements << shift;
    if (bytes >> shift == elements) {
      return bytes;
    }
    return elements < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  /// How many elements of the window are left.
  public final long room() {
    return writer.room() >> shift;
  }

  final MemorySegment memory() {
    return writer.memory();
  }

  /// Where element `index` of the window lies.
  final long at(long index) {
    return writer.position() + (Objects.checkIndex(index, room()) << shift);
  }

  /// Where `count` elements from `index` on lie.
  final long at(long index, long count) {
    return writer.position() + (Objects.checkFromIndexSize(index, count, room()) << shift);
  }

  /// Says that the next `count` elements of the window are filled; see [PipeWriter#commit].
  public final void commit(long count) {
    if (count < 0 || count > room()) {
      throw refused(count);
    }
    writer.commit(count << shift);
  }

  private RuntimeException refused(long count) {
    writer.checkUsable();
    return new IllegalArgumentException(
        "commit of %d elements in a window of %d; reserve one that is large enough"
            .formatted(count, room()));
  }

  /// Writes whole elements in native byte order, uncopied; see [PipeWriter#append].
  ///
  /// @throws IllegalArgumentException where they are not whole elements; they stay the caller's
  public final void append(Bytes elements) throws InterruptedIOException {
    writer.append(whole(elements));
  }

  /// The same without waiting; see [PipeWriter#tryAppend].
  public final boolean tryAppend(Bytes elements) {
    return writer.tryAppend(whole(elements));
  }

  private Bytes whole(Bytes elements) {
    if ((elements.size() & ((1L << shift) - 1)) != 0) {
      throw new IllegalArgumentException(
          "%d bytes are no whole elements of %d bytes; append a multiple of that"
              .formatted(elements.size(), 1 << shift));
    }
    return elements;
  }

  /// See [PipeWriter#flush].
  public final FlushResult flush() throws IOException {
    return writer.flush();
  }

  /// See [PipeWriter#flushAsync].
  public final CompletionStage<FlushResult> flushAsync() {
    return writer.flushAsync();
  }

  /// See [PipeWriter#tryFlush()].
  public final FlushResult tryFlush() throws IOException {
    return writer.tryFlush();
  }

  /// See [PipeWriter#tryFlush(Runnable)].
  public final FlushResult tryFlush(Runnable then) throws IOException {
    return writer.tryFlush(then);
  }

  /// Elements committed so far.
  public final long committed() {
    return writer.committed() >> shift;
  }

  /// See [PipeWriter#cancelPending].
  public final void cancelPending() {
    writer.cancelPending();
  }

  /// See [PipeWriter#complete()].
  public final void complete() {
    writer.complete();
  }

  /// See [PipeWriter#complete(Throwable)].
  public final void complete(@Nullable Throwable error) {
    writer.complete(error);
  }

  /// See [PipeWriter#onReaderCompleted].
  public final void onReaderCompleted(Consumer<@Nullable Throwable> callback) {
    writer.onReaderCompleted(callback);
  }

  /// See [PipeWriter#close].
  @Override
  public final void close() {
    writer.close();
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + "[committed " + committed() + "]";
  }
}
