package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/// A pipe of any kind. The kinds have no type in common, for speed, but methods of the same names:
/// those are called here by name. Lengths and offsets count elements; element number n has the
/// value `n & 127`.
final class AnyPipe implements AutoCloseable {
  private final Object pipe;
  private final Object writer;
  private final Object reader;
  private final LongPredicate put;
  private final LongUnaryOperator get;

  /// @param put writes one with that value; false where there is no room
  /// @param get the value of the one with that number, of the last read
  AnyPipe(Object pipe, LongPredicate put, LongUnaryOperator get) {
    this.pipe = pipe;
    this.writer = Objects.requireNonNull(of(pipe, "writer"));
    this.reader = Objects.requireNonNull(of(pipe, "reader"));
    this.put = put;
    this.get = get;
  }

  private static @Nullable Object call(Object on, String name, @Nullable Object... arguments)
      throws IOException {
    for (Method method : on.getClass().getMethods()) {
      if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
        try {
          return method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
          switch (e.getCause()) {
            case IOException cause -> throw cause;
            case RuntimeException cause -> throw cause;
            case Error cause -> throw cause;
            case null, default -> throw new AssertionError(e);
          }
        } catch (IllegalAccessException e) {
          throw new AssertionError(e);
        }
      }
    }
    throw new AssertionError(on.getClass() + " has no " + name);
  }

  private static @Nullable Object of(Object on, String name, @Nullable Object... arguments) {
    try {
      return call(on, name, arguments);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static <T> T known(@Nullable Object result, Class<T> type) {
    return type.cast(Objects.requireNonNull(result));
  }

  /// Of the same kind and pipe, the same object each time.
  final class Read {
    private final Object read;

    Read(Object read) {
      this.read = read;
    }

    long start() {
      return known(of(read, "start"), Long.class);
    }

    long end() {
      return known(of(read, "end"), Long.class);
    }

    long size() {
      return known(of(read, "size"), Long.class);
    }

    boolean isCompleted() {
      return known(of(read, "isCompleted"), Boolean.class);
    }

    boolean isCancelled() {
      return known(of(read, "isCancelled"), Boolean.class);
    }

    boolean isFull() {
      return known(of(read, "isFull"), Boolean.class);
    }

    void advance(long consumed) {
      of(read, "advance", consumed);
    }

    void advance(long consumed, long examined) {
      of(read, "advance", consumed, examined);
    }

    /// It has the elements from `from` to `to`, and their values.
    Read expect(long from, long to) {
      assertThat(start()).isEqualTo(from);
      assertThat(end()).isEqualTo(to);
      assertThat(size()).isEqualTo(to - from);
      for (long i = from; i < to; i++) {
        assertThat(get.applyAsLong(i)).isEqualTo(i & 127);
      }
      return this;
    }
  }

  // ---- The writer ------------------------------------------------------------------------------

  /// Writes so many without flushing them.
  ///
  /// @return false where there was no room for all of them
  boolean put(long count) {
    for (long i = 0; i < count; i++) {
      if (!put.test(committed() & 127)) {
        return false;
      }
    }
    return true;
  }

  /// Writes and flushes.
  FlushResult send(long count) throws IOException {
    assertThat(put(count)).as("room").isTrue();
    return tryFlush();
  }

  FlushResult tryFlush() throws IOException {
    return known(call(writer, "tryFlush"), FlushResult.class);
  }

  FlushResult flush() throws IOException {
    return known(call(writer, "flush"), FlushResult.class);
  }

  CompletableFuture<FlushResult> flushAsync() {
    return stage(of(writer, "flushAsync")).thenApply(FlushResult.class::cast);
  }

  private static CompletableFuture<?> stage(@Nullable Object result) {
    return ((CompletionStage<?>) Objects.requireNonNull(result)).toCompletableFuture();
  }

  FlushResult tryFlush(@Nullable Runnable then) throws IOException {
    return known(call(writer, "tryFlush", then), FlushResult.class);
  }

  /// Writes one without flushing it; parks for room.
  void park() throws IOException {
    if (writer instanceof ObjectWriter<?>) {
      call(writer, "write", committed() & 127);
    } else {
      call(writer, "reserve", 1L);
      put(1);
    }
  }

  // Not of objects.

  long tryReserve(long least) {
    return known(of(writer, "tryReserve", least), Long.class);
  }

  long reserve(long least) throws IOException {
    return known(call(writer, "reserve", least), Long.class);
  }

  void commit(long count) {
    of(writer, "commit", count);
  }

  void append(@Nullable Bytes bytes) throws IOException {
    call(writer, "append", bytes);
  }

  boolean tryAppend(Bytes bytes) {
    return known(of(writer, "tryAppend", bytes), Boolean.class);
  }

  // Of all.

  long committed() {
    return known(of(writer, "committed"), Long.class);
  }

  void cancelFlush() {
    of(writer, "cancelPending");
  }

  void completeWriter(@Nullable Throwable error) {
    of(writer, "complete", error);
  }

  void closeWriter() {
    of(writer, "close");
  }

  void onReaderCompleted(@Nullable Consumer<@Nullable Throwable> callback) {
    of(writer, "onReaderCompleted", callback);
  }

  // ---- The reader ------------------------------------------------------------------------------

  @Nullable Read tryRead() throws IOException {
    Object read = call(reader, "tryRead");
    return read == null ? null : new Read(read);
  }

  @Nullable Read tryRead(@Nullable Runnable then) throws IOException {
    Object read = call(reader, "tryRead", then);
    return read == null ? null : new Read(read);
  }

  Read read() throws IOException {
    return new Read(Objects.requireNonNull(call(reader, "read")));
  }

  Read readAtLeast(long count) throws IOException {
    return new Read(Objects.requireNonNull(call(reader, "readAtLeast", count)));
  }

  CompletableFuture<Read> readAsync() {
    return reads(of(reader, "readAsync"));
  }

  CompletableFuture<Read> readAtLeastAsync(long count) {
    return reads(of(reader, "readAtLeastAsync", count));
  }

  private CompletableFuture<Read> reads(@Nullable Object result) {
    return stage(result).thenApply(read -> new Read(read));
  }

  void cancelRead() {
    of(reader, "cancelPending");
  }

  void completeReader(@Nullable Throwable error) {
    of(reader, "complete", error);
  }

  void onWriterCompleted(@Nullable Consumer<@Nullable Throwable> callback) {
    of(reader, "onWriterCompleted", callback);
  }

  void closeReader() {
    of(reader, "close");
  }

  long consumed() {
    return known(of(reader, "consumed"), Long.class);
  }

  // ---- Both ------------------------------------------------------------------------------------

  void reset() {
    of(pipe, "reset");
  }

  @Override
  public void close() {
    of(pipe, "close");
  }
}
