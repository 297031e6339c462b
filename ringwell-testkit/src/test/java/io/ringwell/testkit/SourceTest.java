package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.file.Durability;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.CopyCounter;
import io.ringwell.sink.FileSinkOptions;
import io.ringwell.sink.MemorySink;
import io.ringwell.sink.Sink;
import io.ringwell.sink.SinkSubscriber;
import io.ringwell.sink.Sinks;
import io.ringwell.sink.Source;
import io.ringwell.sink.Sources;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What gives bytes, what stands before sinks, and the ways between them.
@Timeout(60)
final class SourceTest {
  private static final byte[] CONTENT = ContractCase.pattern(5, 1_234_567);

  private final FileSinkOptions options =
      FileSinkOptions.defaults().withDurability(Durability.NONE);
  private Path directory;
  private Path from;
  private Path to;
  private Engine engine;

  @BeforeEach
  void open() throws IOException {
    directory = TestFiles.newDirectory("sources");
    from = Files.write(directory.resolve("from"), CONTENT);
    to = directory.resolve("to");
    engine = Engine.open(EngineOptions.defaults().withPoolBytes(32 << 20));
  }

  @AfterEach
  void close() throws IOException {
    engine.close();
    assertThat(engine.pool().stats().inUseBytes()).isZero();
    TestFiles.delete(directory);
  }

  private Source windows() throws IOException {
    return Sources.windows(ManagedReader.open(engine, from, ReaderOptions.defaults()), 0);
  }

  private Sink file() throws IOException {
    return Sinks.file(engine, to, options);
  }

  private static BytesChain pieces() {
    BytesChain chain = BytesChain.of();
    for (int at = 0; at < CONTENT.length; at += 100_000) {
      int end = Math.min(CONTENT.length, at + 100_000);
      chain = chain.append(Bytes.copyOf(Arrays.copyOfRange(CONTENT, at, end)));
    }
    return chain;
  }

  @Test
  void windowsAreDrainedIntoAFileUncopied() throws IOException {
    long before = CopyCounter.bytesCopied();
    try (Source source = windows();
        Sink sink = file()) {
      assertThat(Sources.drain(source, sink)).isEqualTo(CONTENT.length);
      assertThat(source.isAtEnd()).isTrue();
      assertThat(source.next()).isNull();
    }
    assertThat(CopyCounter.bytesCopied()).isEqualTo(before);
    assertThat(Files.readAllBytes(to)).isEqualTo(CONTENT);
  }

  @Test
  void windowsComeByPollAndByStage() throws Exception {
    byte[] seen = new byte[CONTENT.length];
    int at = 0;
    try (Source source = windows()) {
      while (!source.isAtEnd()) {
        Bytes next = source.poll();
        if (next == null && !source.isAtEnd()) {
          next = source.nextAsync().toCompletableFuture().get();
        }
        if (next != null) {
          try (Bytes window = next) {
            byte[] piece = window.toArray();
            System.arraycopy(piece, 0, seen, at, piece.length);
            at += piece.length;
          }
        }
      }
    }
    assertThat(seen).isEqualTo(CONTENT);
  }

  @Test
  void sourceThatFailsFailsItsSink() throws IOException {
    Files.writeString(to, "as it was");
    ReadableByteChannel broken = new BrokenChannel();
    try (Source source = Sources.channel(broken, engine.pool());
        Sink sink = file()) {
      assertThatThrownBy(() -> Sources.drain(source, sink)).hasMessage("the line is dead");
      assertThatThrownBy(sink::complete).hasMessageContaining("the line is dead");
    }
    assertThat(to).hasContent("as it was");
  }

  @Test
  void streamIsASource() throws IOException {
    try (Source source = Sources.stream(new ByteArrayInputStream(CONTENT), engine.pool());
        Sink sink = file()) {
      assertThat(source.isNonBlocking()).isFalse();
      assertThat(Sources.drain(source, sink)).isEqualTo(CONTENT.length);
    }
    assertThat(Files.readAllBytes(to)).isEqualTo(CONTENT);
  }

  @Test
  void sourceIsAStreamAndAChannel() throws IOException {
    try (InputStream stream = Sources.toStream(windows())) {
      assertThat(stream.readAllBytes()).isEqualTo(CONTENT);
      assertThat(stream.read()).isEqualTo(-1);
    }
    try (ReadableByteChannel channel = Sources.toChannel(Sources.of(pieces()))) {
      ByteBuffer all = ByteBuffer.allocate(CONTENT.length + 1);
      while (channel.read(all) >= 0) {
        assertThat(all.position()).isPositive();
      }
      assertThat(Arrays.copyOf(all.array(), all.position())).isEqualTo(CONTENT);
    }
  }

  @Test
  void streamInFrontOfASinkCompletesItWhenItIsClosed() throws IOException {
    try (OutputStream stream = Sinks.stream(file(), engine.pool())) {
      stream.write(CONTENT[0]);
      stream.write(CONTENT, 1, 500_000);
      stream.flush();
      stream.write(CONTENT, 500_001, CONTENT.length - 500_001);
      assertThat(to).doesNotExist();
    }
    assertThat(Files.readAllBytes(to)).isEqualTo(CONTENT);
  }

  @Test
  void streamOfAFailedSinkSaysSoWhenItIsClosed() throws IOException {
    Sink sink = file();
    OutputStream stream = Sinks.stream(sink, engine.pool());
    stream.write(CONTENT);
    sink.fail(new IOException("half of it was wrong"));
    assertThatThrownBy(stream::close).hasMessageContaining("half of it was wrong");
    assertThat(to).doesNotExist();
  }

  @Test
  void channelInFrontOfASinkTakesBuffersOfAnyKind() throws IOException {
    try (WritableByteChannel channel = Sinks.channel(file(), engine.pool())) {
      channel.write(ByteBuffer.wrap(CONTENT, 0, 70_000));
      ByteBuffer direct = ByteBuffer.allocateDirect(CONTENT.length - 70_000);
      direct.put(CONTENT, 70_000, CONTENT.length - 70_000).flip();
      assertThat(channel.write(direct)).isEqualTo(CONTENT.length - 70_000);
      assertThat(direct.hasRemaining()).isFalse();
    }
    assertThat(Files.readAllBytes(to)).isEqualTo(CONTENT);
  }

  @Test
  void publisherFillsASinkAndEmptiesASource() throws Exception {
    SinkSubscriber<Bytes> subscriber = Sinks.subscriber(file());
    Sources.toPublisher(windows()).subscribe(subscriber);
    assertThat(subscriber.done().toCompletableFuture().get()).isEqualTo(CONTENT.length);
    assertThat(Files.readAllBytes(to)).isEqualTo(CONTENT);

    try (Source source = Sources.publisher(Sources.toPublisher(Sources.of(pieces())));
        MemorySink sink = Sinks.memory(CONTENT.length)) {
      Sources.drain(source, sink);
      try (BytesChain kept = sink.take();
          Bytes joined = kept.join()) {
        assertThat(joined.toArray()).isEqualTo(CONTENT);
      }
    }
  }

  @Test
  void publisherThatIsLeftIsCancelled() throws Exception {
    try (Source source = Sources.publisher(Sources.toPublisher(windows()));
        Bytes first = source.next()) {
      assertThat(first).isNotNull();
    }
    // What was under way comes back, and the windows go with their reader.
    while (engine.pool().stats().inUseBytes() > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void buffersOfAPublisherGoToASink() throws Exception {
    SinkSubscriber<ByteBuffer> subscriber = Sinks.bufferSubscriber(file());
    try (SubmissionPublisher<ByteBuffer> publisher = new SubmissionPublisher<>()) {
      publisher.subscribe(subscriber);
      publisher.submit(ByteBuffer.wrap(CONTENT, 0, 1000));
      ByteBuffer direct = ByteBuffer.allocateDirect(CONTENT.length - 1000);
      publisher.submit(direct.put(CONTENT, 1000, CONTENT.length - 1000).flip());
    }
    assertThat(subscriber.done().toCompletableFuture().get()).isEqualTo(CONTENT.length);
    assertThat(Files.readAllBytes(to)).isEqualTo(CONTENT);
  }

  @Test
  void publisherThatFailsAbandonsTheSink() {
    SinkSubscriber<Bytes> subscriber;
    try {
      subscriber = Sinks.subscriber(file());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    SubmissionPublisher<Bytes> publisher = new SubmissionPublisher<>();
    publisher.subscribe(subscriber);
    publisher.submit(Bytes.copyOf(CONTENT));
    publisher.closeExceptionally(new IOException("no more paper"));
    assertThatThrownBy(() -> subscriber.done().toCompletableFuture().get())
        .cause()
        .hasMessage("no more paper");
    assertThat(to).doesNotExist();
  }

  @Test
  void sourceIsPublishedInBuffersToo() throws Exception {
    SinkSubscriber<ByteBuffer> subscriber = Sinks.bufferSubscriber(file());
    Sources.toBufferPublisher(Sources.of(pieces())).subscribe(subscriber);
    assertThat(subscriber.done().toCompletableFuture().get()).isEqualTo(CONTENT.length);
    assertThat(Files.readAllBytes(to)).isEqualTo(CONTENT);
  }

  /// A few bytes, and then an error.
  private static final class BrokenChannel implements ReadableByteChannel {
    private int left = 3;

    @Override
    public int read(ByteBuffer target) throws IOException {
      if (left-- == 0) {
        throw new IOException("the line is dead");
      }
      target.put(new byte[1000]);
      return 1000;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
