package io.ringwell.pipe;

/// A [Pipe] of objects: messages, tokens. The same waiting, bounds and ends; offsets, lengths and
/// the sizes of its [PipeOptions] count objects. What was consumed is forgotten with the array that
/// it was in, [PipeOptions#segmentBytes] objects or more at a time.
///
/// ```java
/// ObjectPipe<String> pipe = new ObjectPipe<>();
/// pipe.writer().write("hello");
/// pipe.writer().flush();
///
/// ObjectRead<String> read = pipe.reader().read();
/// for (long i = read.start(); i < read.end(); i++) {
///   said.add(read.get(i));
/// }
/// read.advance(read.end());
/// ```
///
/// **Threads.** One writes and one reads, as with [Pipe]; an object is handed over safely by the
/// flush.
///
/// @param <T> what goes through it; never null
public final class ObjectPipe<T> implements AutoCloseable {
  /// The objects of a segment lie in one array.
  private static final long MOST_OBJECTS = 1 << 30;

  private final PipeCore core;
  private final ObjectWriter<T> writer;
  private final ObjectReader<T> reader;

  /// Pauses at 1024 objects, resumes below 512, and holds at most 65,536.
  public ObjectPipe() {
    this(
        PipeOptions.defaults()
            .withThresholds(1024, 512)
            .withMaxBuffered(64 << 10)
            .withSegments(64, 1024)
            .withKeepBytes(1024));
  }

  /// A pipe with options whose sizes count objects. There is no bound on memory beside that on
  /// objects: [PipeOptions#maxMemoryBytes] means nothing here.
  ///
  /// @throws IllegalArgumentException where [PipeOptions#maxSegmentBytes] is more than 2^30
  public ObjectPipe(PipeOptions options) {
    if (options.maxSegmentBytes() > MOST_OBJECTS) {
      throw new IllegalArgumentException(
          "segments of %d objects; PipeOptions.withSegments has them hold at most %d"
              .formatted(options.maxSegmentBytes(), MOST_OBJECTS));
    }
    core = new PipeCore(options, new ObjectSupply(options.keepBytes()));
    writer = new ObjectWriter<>(core);
    reader = new ObjectReader<>(core);
  }

  public ObjectWriter<T> writer() {
    return writer;
  }

  public ObjectReader<T> reader() {
    return reader;
  }

  /// See [Pipe#reset].
  public void reset() {
    core.reset();
    writer.reset();
    reader.reset();
  }

  /// See [Pipe#close].
  @Override
  public void close() {
    try {
      writer.close();
    } finally {
      reader.close(); // though a callback has thrown
    }
  }

  @Override
  public String toString() {
    return "ObjectPipe[consumed %d, flushed %d]".formatted(core.consumed.get(), core.flushed.get());
  }
}
