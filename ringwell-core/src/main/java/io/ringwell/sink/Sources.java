package io.ringwell.sink;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;
import io.ringwell.window.ManagedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.Flow;

/// Makes sources, turns them into what others read from, and brings them to sinks.
public final class Sources {
  private Sources() {}

  /// The windows of `reader`, which it owns, from `position` to the end: detached, uncopied where
  /// they are in memory of Ringwell's.
  public static Source windows(ManagedReader reader, long position) {
    return new WindowsSource(reader, position);
  }

  /// What comes out of a pipe, whose reader it owns: fragment by fragment as it lies there,
  /// detached. What is copied all the same is what [io.ringwell.pipe.PipeRead#detach] copies: the
  /// last bytes, where the writer is just filling memory behind them. What is not asked for stays
  /// in the pipe. Closing it completes the reader; [PipeReader#cancelPending] makes a call throw
  /// [java.util.concurrent.CancellationException].
  public static Source pipe(PipeReader reader) {
    return new PipeSource(reader);
  }

  /// The pieces of `chain`, which it owns.
  public static Source of(BytesChain chain) {
    return new ChainSource(chain);
  }

  /// What `channel` has, read into memory of `pool`; it owns the channel. Blocks as that does.
  public static Source channel(ReadableByteChannel channel, BufferPool pool) {
    return new ChannelSource(channel, pool);
  }

  /// What `stream` has, copied into memory of `pool` by way of the heap; it owns the stream. Blocks
  /// as that does.
  public static Source stream(InputStream stream, BufferPool pool) {
    return new ChannelSource(Channels.newChannel(stream), pool);
  }

  /// What `publisher` publishes, of which it asks for a few pieces ahead. Closing it cancels.
  public static Source publisher(Flow.Publisher<Bytes> publisher) {
    PublisherSource source = new PublisherSource();
    publisher.subscribe(source);
    return source;
  }

  /// Publishes what `source` gives to one subscriber, who closes each piece. It owns the source,
  /// which it closes at the end, on an error, and when it is cancelled. The subscriber is called by
  /// a virtual thread.
  public static Flow.Publisher<Bytes> toPublisher(Source source) {
    return new SourcePublisher<>(source, bytes -> bytes);
  }

  /// As [#toPublisher], but in buffers on the heap, since nobody says when a `ByteBuffer` is done
  /// with: every byte is copied, and counted. Secure bytes are not; they end it with an error.
  public static Flow.Publisher<ByteBuffer> toBufferPublisher(Source source) {
    return new SourcePublisher<>(source, Sources::copied);
  }

  private static ByteBuffer copied(Bytes bytes) {
    try (bytes) {
      return ByteBuffer.wrap(bytes.toArray());
    }
  }

  /// What `source` gives, to be read from a channel, which owns it. Every byte is copied to the
  /// reader's own memory, and counted.
  public static ReadableByteChannel toChannel(Source source) {
    return new SourceChannel(source);
  }

  /// The same as a stream.
  public static InputStream toStream(Source source) {
    return new SourceStream(new SourceChannel(source));
  }

  /// Sends all that `source` gives to `sink` and completes it; parks until then. Where the source
  /// fails, so does the sink. Neither is closed.
  ///
  /// @return how many bytes it were
  public static long drain(Source source, Sink sink) throws IOException {
    try {
      for (Bytes bytes = source.next(); bytes != null; bytes = source.next()) {
        sink.send(bytes);
      }
    } catch (IOException | RuntimeException e) {
      sink.fail(e);
      throw e;
    }
    return sink.complete();
  }

  /// Sends all that `source` gives through a pipe, uncopied, and completes `writer`; parks while
  /// its reader has too much. Where the source fails, or nobody reads, the writer is completed with
  /// that. The source is not closed.
  ///
  /// ```java
  /// try (Source windows = Sources.windows(io.reader(path, ReaderOptions.defaults()), 0)) {
  ///   Sources.drain(windows, pipe.writer());
  /// }
  /// ```
  ///
  /// @return how many bytes it were
  public static long drain(Source source, PipeWriter writer) throws IOException {
    long first = writer.committed();
    try {
      if (source instanceof ChannelSource channel) {
        channel.drain(writer);
      } else {
        for (Bytes bytes = source.next(); bytes != null; bytes = source.next()) {
          writer.send(bytes);
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      writer.complete(e);
      throw e;
    }
    writer.complete();
    return writer.committed() - first;
  }
}
