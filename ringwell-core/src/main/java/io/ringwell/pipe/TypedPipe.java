package io.ringwell.pipe;

import io.ringwell.memory.BufferPool;

/// A [Pipe] whose elements are numbers: the same memory, waiting and bounds; offsets and lengths
/// count elements. The sizes of its [PipeOptions] stay bytes.
///
/// ```java
/// TypedPipe<IntWriter, IntRead> pipe = TypedPipe.ofInts(pool, PipeOptions.defaults());
/// pipe.writer().reserve(1);
/// pipe.writer().put(0, 42);
/// pipe.writer().commit(1);
/// pipe.writer().flush();
///
/// IntRead read = pipe.reader().read();
/// int first = read.get(0);
/// read.advance(read.end());
/// ```
///
/// @param <W> what writes
/// @param <R> what a read gives
public final class TypedPipe<W extends ElementWriter, R extends ElementRead>
    implements AutoCloseable {
  private final Pipe pipe;
  private final W writer;
  private final ElementReader<R> reader;

  private TypedPipe(Pipe pipe, W writer, R read) {
    this.pipe = pipe;
    this.writer = writer;
    this.reader = new ElementReader<>(pipe.reader(), read);
  }

  public static TypedPipe<IntWriter, IntRead> ofInts(BufferPool pool, PipeOptions options) {
    Pipe pipe = new Pipe(pool, options);
    return new TypedPipe<>(pipe, new IntWriter(pipe.writer()), new IntRead(pipe.reader().handle()));
  }

  public static TypedPipe<LongWriter, LongRead> ofLongs(BufferPool pool, PipeOptions options) {
    Pipe pipe = new Pipe(pool, options);
    return new TypedPipe<>(
        pipe, new LongWriter(pipe.writer()), new LongRead(pipe.reader().handle()));
  }

  public static TypedPipe<FloatWriter, FloatRead> ofFloats(BufferPool pool, PipeOptions options) {
    Pipe pipe = new Pipe(pool, options);
    return new TypedPipe<>(
        pipe, new FloatWriter(pipe.writer()), new FloatRead(pipe.reader().handle()));
  }

  public static TypedPipe<DoubleWriter, DoubleRead> ofDoubles(
      BufferPool pool, PipeOptions options) {
    Pipe pipe = new Pipe(pool, options);
    return new TypedPipe<>(
        pipe, new DoubleWriter(pipe.writer()), new DoubleRead(pipe.reader().handle()));
  }

  public static TypedPipe<CharWriter, CharRead> ofChars(BufferPool pool, PipeOptions options) {
    Pipe pipe = new Pipe(pool, options);
    return new TypedPipe<>(
        pipe, new CharWriter(pipe.writer()), new CharRead(pipe.reader().handle()));
  }

  public static TypedPipe<ShortWriter, ShortRead> ofShorts(BufferPool pool, PipeOptions options) {
    Pipe pipe = new Pipe(pool, options);
    return new TypedPipe<>(
        pipe, new ShortWriter(pipe.writer()), new ShortRead(pipe.reader().handle()));
  }

  public W writer() {
    return writer;
  }

  public ElementReader<R> reader() {
    return reader;
  }

  /// See [Pipe#reset].
  public void reset() {
    pipe.reset();
  }

  /// See [Pipe#close].
  @Override
  public void close() {
    pipe.close();
  }

  @Override
  public String toString() {
    return "Typed" + pipe;
  }
}
