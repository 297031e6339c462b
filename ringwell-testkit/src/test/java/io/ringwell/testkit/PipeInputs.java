package io.ringwell.testkit;

import io.ringwell.Ringwell;
import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;
import io.ringwell.sink.SinkSubscriber;
import io.ringwell.sink.Sinks;
import io.ringwell.sink.Source;
import io.ringwell.sink.Sources;
import io.ringwell.testkit.PipeInputCase.Origin;
import io.ringwell.window.ReaderOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.SubmissionPublisher;
import java.util.function.Function;

/// What fills pipes.
enum PipeInputs {
  STREAM {
    @Override
    Origin open(Pipe pipe, BufferPool pool) {
      return new Fed(pipe, (from, to) -> ended(to, to.copyFrom(from)));
    }
  },
  CHANNEL {
    @Override
    Origin open(Pipe pipe, BufferPool pool) {
      return new Fed(pipe, (from, to) -> ended(to, to.copyFrom(Channels.newChannel(from))));
    }
  },
  STREAM_SOURCE {
    @Override
    Origin open(Pipe pipe, BufferPool pool) {
      return new Fed(pipe, (from, to) -> Sources.drain(Sources.stream(from, pool), to));
    }
  },
  CHANNEL_SOURCE {
    @Override
    Origin open(Pipe pipe, BufferPool pool) {
      return new Fed(
          pipe, (from, to) -> Sources.drain(Sources.channel(Channels.newChannel(from), pool), to));
    }
  },
  PIPE {
    @Override
    Origin open(Pipe pipe, BufferPool pool) {
      Pipe first = new Pipe(pool, pipe.options());
      return new Written(
          pipe, first.writer(), copying(pipe, () -> first.reader().pipeTo(pipe.writer())));
    }
  },
  PIPE_SOURCE {
    @Override
    Origin open(Pipe pipe, BufferPool pool) {
      Pipe first = new Pipe(pool, pipe.options());
      return new Written(
          pipe,
          first.writer(),
          copying(
              pipe,
              () -> {
                try (Source source = Sources.pipe(first.reader())) {
                  return Sources.drain(source, pipe.writer());
                }
              }));
    }
  },
  OUTPUT_STREAM {
    @Override
    Origin open(Pipe pipe, BufferPool pool) {
      OutputStream out = pipe.writer().outputStream();
      return new Direct(
          pipe,
          content -> {
            out.write(content);
            out.flush();
          },
          out::close);
    }
  },
  WRITABLE_CHANNEL {
    @Override
    Origin open(Pipe pipe, BufferPool pool) {
      WritableByteChannel out = pipe.writer().channel();
      return new Direct(pipe, content -> out.write(ByteBuffer.wrap(content)), out::close);
    }
  },
  PUBLISHER {
    @Override
    Origin open(Pipe pipe, BufferPool pool) {
      return new Published<>(pipe, Sinks.subscriber(Sinks.pipe(pipe.writer())), Bytes::copyOf);
    }
  },
  BUFFER_PUBLISHER {
    @Override
    Origin open(Pipe pipe, BufferPool pool) {
      return new Published<>(
          pipe, Sinks.bufferSubscriber(Sinks.pipe(pipe.writer())), ByteBuffer::wrap);
    }
  },
  FILE_WINDOWS {
    @Override
    Origin open(Pipe pipe, BufferPool pool) throws IOException {
      return new Windows(pipe);
    }
  };

  abstract Origin open(Pipe pipe, BufferPool pool) throws IOException;

  private interface Filling {
    long fill(InputStream from, PipeWriter to) throws IOException;
  }

  private interface Copying {
    long copy() throws IOException;
  }

  private interface Giving {
    void give(byte[] content) throws IOException;
  }

  private interface Ending {
    void end() throws IOException;
  }

  /// A copy completes nothing: that is for whoever has it done.
  private static long ended(PipeWriter writer, long count) {
    writer.complete();
    return count;
  }

  /// On a thread of its own; what it throws is told to the reader.
  private static CompletableFuture<Long> copying(Pipe pipe, Copying copying) {
    CompletableFuture<Long> over = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            over.complete(copying.copy());
          } catch (IOException | RuntimeException | Error e) {
            pipe.writer().complete(e);
            over.completeExceptionally(e);
          }
        });
    return over;
  }

  private abstract static class Base implements Origin {
    final Pipe pipe;

    Base(Pipe pipe) {
      this.pipe = pipe;
    }

    @Override
    public final PipeReader reader() {
      return pipe.reader();
    }
  }

  /// From a stream that is read on a thread of its own.
  private static final class Fed extends Base {
    private final FedStream stream = new FedStream();
    private final CompletableFuture<Long> over;

    Fed(Pipe pipe, Filling filling) {
      super(pipe);
      over = copying(pipe, () -> filling.fill(stream, pipe.writer()));
    }

    @Override
    public void give(byte[] content) {
      stream.feed(content);
    }

    @Override
    public void end() {
      stream.end();
    }

    @Override
    public void breakOff() {
      stream.breakOff();
    }

    @Override
    public CompletionStage<?> over() {
      return over;
    }

    @Override
    public void close() {
      pipe.reader().close();
      stream.end();
      over.handle((count, e) -> true).join();
      pipe.close();
    }
  }

  /// From the reader of another pipe.
  private static final class Written extends Base {
    private final PipeWriter first;
    private final CompletableFuture<Long> over;

    Written(Pipe pipe, PipeWriter first, CompletableFuture<Long> over) {
      super(pipe);
      this.first = first;
      this.over = over;
    }

    @Override
    public void give(byte[] content) throws IOException {
      first.write(content, 0, content.length);
      first.flush();
    }

    @Override
    public void end() {
      first.complete();
    }

    @Override
    public void breakOff() {
      first.complete(new IOException("broken off"));
    }

    @Override
    public CompletionStage<?> over() {
      return over;
    }

    @Override
    public void close() {
      pipe.reader().close();
      first.complete();
      over.handle((count, e) -> true).join();
      pipe.close();
    }
  }

  /// Whoever gives writes into the pipe.
  private static final class Direct extends Base {
    private final Giving giving;
    private final Ending ending;
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    Direct(Pipe pipe, Giving giving, Ending ending) {
      super(pipe);
      this.giving = giving;
      this.ending = ending;
    }

    @Override
    public void give(byte[] content) throws IOException {
      try {
        giving.give(content);
      } catch (IOException e) {
        over.completeExceptionally(e);
        throw e;
      }
    }

    @Override
    public void end() throws IOException {
      ending.end();
      over.complete(null);
    }

    @Override
    public void breakOff() {
      pipe.writer().complete(new IOException("broken off"));
      over.complete(null);
    }

    @Override
    public CompletionStage<?> over() {
      return over;
    }

    @Override
    public void close() {
      pipe.close();
    }
  }

  /// What is published is taken by a subscriber.
  private static final class Published<T> extends Base {
    private final SubmissionPublisher<T> publisher = new SubmissionPublisher<>();
    private final SinkSubscriber<T> subscriber;
    private final Function<byte[], T> item;

    Published(Pipe pipe, SinkSubscriber<T> subscriber, Function<byte[], T> item) {
      super(pipe);
      this.subscriber = subscriber;
      this.item = item;
      publisher.subscribe(subscriber);
    }

    @Override
    public void give(byte[] content) {
      if (content.length > 0) {
        publisher.submit(item.apply(content));
      }
    }

    @Override
    public void end() {
      publisher.close();
    }

    @Override
    public void breakOff() {
      publisher.closeExceptionally(new IOException("broken off"));
    }

    @Override
    public CompletionStage<?> over() {
      return subscriber.done();
    }

    @Override
    public void close() {
      pipe.reader().close();
      publisher.close();
      subscriber.done().toCompletableFuture().handle((count, e) -> true).join();
      pipe.close();
    }
  }

  /// A file is read when it is written.
  private static final class Windows extends Base {
    private final Path directory = TestFiles.newDirectory("windows");
    private final Path path = Files.createFile(directory.resolve("file"));
    private final Ringwell io = Ringwell.open();
    private final CompletableFuture<Long> over = new CompletableFuture<>();

    Windows(Pipe pipe) throws IOException {
      super(pipe);
    }

    @Override
    public void give(byte[] content) throws IOException {
      Files.write(path, content, StandardOpenOption.APPEND);
    }

    @Override
    public void end() {
      var _ =
          copying(
                  pipe,
                  () -> {
                    try (Source windows =
                        Sources.windows(io.reader(path, ReaderOptions.defaults()), 0)) {
                      return Sources.drain(windows, pipe.writer());
                    }
                  })
              .whenComplete((count, e) -> over.complete(count));
    }

    @Override
    public void breakOff() {
      throw new AssertionError("a file does not");
    }

    @Override
    public CompletionStage<?> over() {
      return over;
    }

    @Override
    public void close() throws IOException {
      pipe.close();
      over.join();
      io.close();
      TestFiles.delete(directory);
    }
  }
}
