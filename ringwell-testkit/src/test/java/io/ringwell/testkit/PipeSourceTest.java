package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.Ringwell;
import io.ringwell.file.Durability;
import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.IoBuffer;
import io.ringwell.memory.PoolOptions;
import io.ringwell.pipe.FlushResult;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeWriter;
import io.ringwell.sink.FileSinkOptions;
import io.ringwell.sink.MemorySink;
import io.ringwell.sink.Sink;
import io.ringwell.sink.SinkSubscriber;
import io.ringwell.sink.Sinks;
import io.ringwell.sink.Source;
import io.ringwell.sink.Sources;
import io.ringwell.window.ReaderOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Pipes between files, sinks, publishers and subscribers.
@Timeout(60)
final class PipeSourceTest {
  private static final byte[] CONTENT = ContractCase.pattern(6, 1_234_567);

  private Path directory;
  private Path path;
  private Path target;
  private Ringwell io;
  private Pipe pipe;

  @BeforeEach
  void open() throws IOException {
    directory = TestFiles.newDirectory("pipes");
    path = Files.write(directory.resolve("from"), CONTENT);
    target = directory.resolve("to");
    io = Ringwell.open();
    pipe = new Pipe(io.pool());
  }

  @AfterEach
  void close() throws IOException {
    pipe.close();
    // A publisher or a sink that was called off lets go on its own thread.
    while (io.pool().stats().inUseBytes() > 0) {
      Thread.onSpinWait();
    }
    io.close();
    TestFiles.delete(directory);
  }

  private interface Work {
    void run() throws IOException;
  }

  /// Elsewhere; completes with it, or with what it threw.
  private static CompletableFuture<Void> start(Work work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            work.run();
            done.complete(null);
          } catch (IOException | RuntimeException | Error e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  @Test
  void windowsOfAFileGoThroughAPipeIntoAFileUncopied() throws Exception {
    long before = CopyCounter.bytesCopied();
    CompletableFuture<Void> reading =
        start(() -> {
          try (Source windows = Sources.windows(io.reader(path, ReaderOptions.defaults()), 0)) {
            Sources.drain(windows, pipe.writer());
          }
        });
    FileSinkOptions options = FileSinkOptions.defaults().withDurability(Durability.NONE);
    try (Source source = Sources.pipe(pipe.reader());
        Sink sink = io.sink(target, options)) {
      assertThat(Sources.drain(source, sink)).isEqualTo(CONTENT.length);
      assertThat(source.isAtEnd()).isTrue();
      assertThat(source.next()).isNull();
    }
    reading.get();
    assertThat(CopyCounter.bytesCopied()).isEqualTo(before);
    assertThat(Files.readAllBytes(target)).isEqualTo(CONTENT);
  }

  @Test
  void sourceThatFailsFailsThePipe() {
    IOException cause = new IOException("the line is dead");
    Source broken =
        Sources.stream(
            new ByteArrayInputStream(CONTENT) {
              @Override
              public synchronized int read(byte[] into, int offset, int length) {
                throw new UncheckedIOException(cause);
              }
            },
            io.pool());
    assertThatThrownBy(() -> Sources.drain(broken, pipe.writer())).hasCause(cause);
    assertThatThrownBy(pipe.reader()::read).hasCause(cause);
  }

  @Test
  void drainEndsWhereNobodyReads() throws Exception {
    CompletableFuture<Void> draining =
        start(() ->
            Sources.drain(
                Sources.stream(new ByteArrayInputStream(CONTENT), io.pool()), pipe.writer()));
    pipe.reader().read();
    pipe.reader().complete();
    assertThatThrownBy(draining::get).hasRootCauseMessage("nobody reads the pipe any more");
  }

  @Test
  void sourceComesByPollAndByStageAndIsCancelled() throws Exception {
    try (Source source = Sources.pipe(pipe.reader())) {
      assertThat(source.poll()).isNull();
      assertThat(source.isAtEnd()).isFalse();
      assertThat(source.isNonBlocking()).isTrue();
      CompletableFuture<@Nullable Bytes> stage = source.nextAsync().toCompletableFuture();
      pipe.writer().send(Bytes.copyOf(new byte[] {1, 2}));
      try (Bytes first = Objects.requireNonNull(stage.get())) {
        assertThat(first.toArray()).containsExactly(1, 2);
      }
      pipe.reader().cancelPending();
      assertThatThrownBy(source::next).isInstanceOf(CancellationException.class);
      pipe.writer().complete();
      assertThat(source.poll()).isNull();
      assertThat(source.isAtEnd()).isTrue();
      assertThat(source.nextAsync().toCompletableFuture().get()).isNull();
    }
    assertThat(pipe.reader().isComplete()).isTrue();
  }

  @Test
  void publisherGivesOwnedBytesUncopiedAndSubscriberTakesThem() throws Exception {
    Pipe behind = new Pipe(io.pool());
    Flow.Publisher<Bytes> publisher = Sources.toPublisher(Sources.pipe(pipe.reader()));
    SinkSubscriber<Bytes> subscriber = Sinks.subscriber(Sinks.pipe(behind.writer()));
    publisher.subscribe(subscriber);
    long before = CopyCounter.bytesCopied();
    Bytes large = io.pool().acquire(300_000).freeze();
    long address = large.address();
    pipe.writer().append(large);
    pipe.writer().complete();
    long seen = 0;
    while (true) {
      PipeRead read = behind.reader().read();
      if (read.isEmpty()) {
        break;
      }
      assertThat(read.window().address()).isEqualTo(address + seen);
      seen += read.length();
      read.advance(read.start() + read.length());
    }
    assertThat(seen).isEqualTo(300_000);
    assertThat(subscriber.done().toCompletableFuture().get()).isEqualTo(300_000);
    assertThat(CopyCounter.bytesCopied()).isEqualTo(before);
    behind.close();
  }

  @Test
  void buffersAreTakenToo() throws Exception {
    SinkSubscriber<ByteBuffer> subscriber = Sinks.bufferSubscriber(Sinks.pipe(pipe.writer()));
    try (SubmissionPublisher<ByteBuffer> publisher = new SubmissionPublisher<>()) {
      publisher.subscribe(subscriber);
      publisher.submit(ByteBuffer.wrap(CONTENT, 0, 1000));
      publisher.submit(ByteBuffer.allocateDirect(500).put(CONTENT, 1000, 500).flip());
    }
    assertThat(subscriber.done().toCompletableFuture().get()).isEqualTo(1500);
    PipeRead read = pipe.reader().readAtLeast(1500);
    assertThat(read.toArray()).isEqualTo(Arrays.copyOf(CONTENT, 1500));
  }

  @Test
  void publisherThatFailsFailsThePipe() {
    IOException cause = new IOException("no more paper");
    SinkSubscriber<Bytes> subscriber = Sinks.subscriber(Sinks.pipe(pipe.writer()));
    SubmissionPublisher<Bytes> publisher = new SubmissionPublisher<>();
    publisher.subscribe(subscriber);
    publisher.closeExceptionally(cause);
    assertThatThrownBy(() -> pipe.reader().readAtLeast(10)).hasRootCause(cause);
    assertThatThrownBy(() -> subscriber.done().toCompletableFuture().get()).hasCause(cause);
  }

  @Test
  void errorOfThePipeIsThePublishers() {
    IOException cause = new IOException("the line is dead");
    SinkSubscriber<Bytes> subscriber = Sinks.subscriber(Sinks.memory(1000));
    Sources.toPublisher(Sources.pipe(pipe.reader())).subscribe(subscriber);
    pipe.writer().complete(cause);
    assertThatThrownBy(() -> subscriber.done().toCompletableFuture().get()).hasCause(cause);
  }

  @Test
  void cancelledPublisherCompletesItsReaderThoughNothingComes() throws Exception {
    CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
    CompletableFuture<Throwable> left = new CompletableFuture<>();
    pipe.writer().onReaderCompleted(left::complete);
    Sources.toPublisher(Sources.pipe(pipe.reader()))
        .subscribe(
            new Flow.Subscriber<>() {
              @Override
              public void onSubscribe(Flow.Subscription given) {
                given.request(5);
                subscribed.complete(given);
              }

              @Override
              public void onNext(Bytes bytes) {
                bytes.close();
              }

              @Override
              public void onError(Throwable failure) {}

              @Override
              public void onComplete() {}
            });
    subscribed.get().cancel();
    assertThat(left.get()).isNull();
    assertThat(pipe.writer().flush()).isEqualTo(FlushResult.COMPLETED);
  }

  @Test
  void readerThatLeavesFailsTheSinkAndCancelsThePublisher() throws Exception {
    SinkSubscriber<Bytes> subscriber = Sinks.subscriber(Sinks.pipe(pipe.writer()));
    try (SubmissionPublisher<Bytes> publisher = new SubmissionPublisher<>()) {
      publisher.subscribe(subscriber);
      publisher.submit(Bytes.copyOf(new byte[10]));
      pipe.reader().readAtLeast(10);
      pipe.reader().complete(new IOException("too much"));
      while (publisher.hasSubscribers()) {
        publisher.offer(
            Bytes.copyOf(new byte[10]),
            (to, bytes) -> {
              bytes.close();
              return false;
            });
      }
    }
    assertThatThrownBy(() -> subscriber.done().toCompletableFuture().get())
        .isInstanceOf(ExecutionException.class)
        .hasStackTraceContaining("too much");
  }

  @Test
  void sinkThatIsFailedWhileThePipeIsFullLetsGoAndTellsTheReader() throws Exception {
    Sink sink = Sinks.pipe(pipe.writer());
    sink.send(io.pool().acquire(64 << 10).freeze());
    PipeRead read = pipe.reader().read();
    assertThat(read.size()).isEqualTo(64 << 10);
    read.advance(0);
    sink.fail(new IOException("half of it was wrong"));
    assertThatThrownBy(sink::complete).hasMessageContaining("half of it was wrong");
    sink.close();
    assertThatThrownBy(pipe.reader()::read).hasMessageContaining("half of it was wrong");
  }

  @Test
  void sinksBesideEachOtherSpareThePipeNothing() throws Exception {
    try (MemorySink kept = Sinks.memory(1 << 20);
        Sink tee = Sinks.tee(kept, Sinks.pipe(pipe.writer()))) {
      tee.send(Bytes.copyOf(new byte[] {1, 2, 3}));
      tee.complete();
      PipeRead read = pipe.reader().readAtLeast(3);
      assertThat(read.toArray()).containsExactly(1, 2, 3);
      read.advance(3);
      try (BytesChain chain = kept.take()) {
        assertThat(chain.size()).isEqualTo(3);
      }
    }
  }

  @Test
  void streamsGoThroughAPipe() throws Exception {
    PipeWriter writer = pipe.writer();
    CompletableFuture<Void> writing =
        start(() -> {
          writer.copyFrom(new ByteArrayInputStream(CONTENT));
          writer.complete();
        });
    assertThat(pipe.reader().inputStream().readAllBytes()).isEqualTo(CONTENT);
    writing.get();
  }

  /// A detach has to copy what lies beside the writer's window, and the pool has nothing for that.
  @Test
  void sourceThatIsInterruptedWhileItWaitsForMemoryLosesNothing() throws Exception {
    try (BufferPool small = BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20));
        Pipe own = new Pipe(small);
        Source source = Sources.pipe(own.reader())) {
      own.writer().write(CONTENT, 0, 10);
      own.writer().flush();
      own.writer().reserve(10);
      List<IoBuffer> all = new ArrayList<>();
      for (long size = small.maxBytes(); size > 0; size >>= 1) {
        for (IoBuffer each = small.tryAcquire(size); each != null; each = small.tryAcquire(size)) {
          all.add(each);
        }
      }
      Thread.currentThread().interrupt();
      assertThatThrownBy(source::next).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
      all.forEach(IoBuffer::close);
      try (Bytes bytes = Objects.requireNonNull(source.next())) {
        assertThat(bytes.toArray()).isEqualTo(Arrays.copyOf(CONTENT, 10));
      }
    }
  }
}
