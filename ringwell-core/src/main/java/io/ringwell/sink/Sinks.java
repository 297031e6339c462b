package io.ringwell.sink;

import io.ringwell.engine.Engine;
import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.pipe.PipeOptions;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.zip.Checksum;

/// Makes sinks.
public final class Sinks {
  private static final long HANDED_ON = 4 << 20;

  private Sinks() {}

  /// To a file, which takes its name when it is complete: until then, and where it never is, what
  /// was there before stays. Parks to open it. What is no regular file (a device, a pipe) is
  /// written to as it is.
  ///
  /// Buffered writes are handed to the kernel in the order of the bytes, direct ones several at a
  /// time; nobody sees either before the end.
  ///
  /// @throws IOException where the target is a directory, may not be written, or has no room for
  ///   what is expected
  public static Sink file(Engine engine, Path path, FileSinkOptions options) throws IOException {
    FileOutput file = FileOutput.create(engine, path, options);
    boolean made = false;
    try {
      Outlet outlet = options.direct() ? new DirectOutlet(file) : new FileOutlet(file);
      Sink sink = QueuedSink.of("the sink to " + path, outlet, options.maxBytes());
      made = true;
      return sink;
    } finally {
      if (!made) {
        file.close();
      }
    }
  }

  /// Keeps what is sent, uncopied, and fails where it is more than `mostBytes`.
  public static MemorySink memory(long mostBytes) {
    return new MemorySink(mostBytes);
  }

  /// Into a pipe, whose writer it owns, uncopied. It holds as much as makes the pipe pause, besides
  /// what the pipe does; a flush is done when the reader lets more come, and so is the completion,
  /// which completes the writer: what is there may be unread. Where this is failed or abandoned,
  /// the reader gets that error; where the reader is complete, this fails with its error, or with
  /// one that says so.
  public static Sink pipe(PipeWriter writer) {
    PipeOptions options = writer.options();
    long most = options.pauseBytes() > 0 ? options.pauseBytes() : options.maxBuffered();
    Sink sink = to("the sink into a pipe", new PipeOutlet(writer), most);
    writer.onReaderCompleted(error ->
        sink.fail(error == null ? new IOException("nobody reads the pipe any more") : error));
    return sink;
  }

  /// To all of `sinks`, which share the memory. It owns them: they complete one after the other in
  /// this order when it does; where one fails, those that are not complete yet are abandoned. The
  /// slowest sets the pace.
  public static Sink tee(Sink... sinks) {
    return to("a tee", new TeeOutlet(List.of(sinks)), HANDED_ON);
  }

  /// To `sink`, which it owns; every byte is shown to `checksum` on the way, in place. The value is
  /// good when this one is complete.
  public static Sink checksum(Sink sink, Checksum checksum) {
    return to("a sink with a checksum", ChecksumOutlet.of(sink, checksum), HANDED_ON);
  }

  /// The same with a digest. Secure bytes fail it: digests read by way of the heap.
  public static Sink digest(Sink sink, MessageDigest digest) {
    return to("a sink with a digest", ChecksumOutlet.of(sink, digest), HANDED_ON);
  }

  /// To anything that an [Outlet] was written for; the sink closes it in the end.
  ///
  /// @param name what errors call it, such as `the sink to X`
  /// @param maxBytes what it holds at the most, in bytes; at least one write, where the outlet's
  ///   writes have one size
  public static Sink to(String name, Outlet outlet, long maxBytes) {
    return QueuedSink.of(name, outlet, maxBytes);
  }

  /// The same, sharing `budget` with other sinks. Where this throws, the outlet stays the caller's.
  ///
  /// @throws IOException where the budget has no room for one more sink
  public static Sink to(String name, Outlet outlet, long maxBytes, SinkBudget budget)
      throws IOException {
    return QueuedSink.of(name, outlet, maxBytes, budget);
  }

  /// A subscriber that sends what it gets to `sink`, which it owns.
  public static SinkSubscriber<Bytes> subscriber(Sink sink) {
    return new SinkSubscriber<>(sink, bytes -> bytes);
  }

  /// A subscriber that sends what is in the buffers that it gets to `sink`, which it owns. Direct
  /// buffers go uncopied, so they must not change afterwards; those on the heap are copied, and
  /// counted, since the kernel could not use them.
  public static SinkSubscriber<ByteBuffer> bufferSubscriber(Sink sink) {
    return new SinkSubscriber<>(sink, Sinks::taken);
  }

  private static Bytes taken(ByteBuffer buffer) {
    if (!buffer.isDirect()) {
      return Bytes.copyOf(buffer);
    }
    // Its memory is there for as long as the segment is, which holds the buffer.
    return Bytes.adopt(MemorySegment.ofBuffer(buffer), () -> {});
  }

  /// A channel in front of `sink`, which it owns. Every byte is copied into memory of `pool`, and
  /// counted, since the writer keeps its buffer. **Closing it completes the sink**: who has failed
  /// calls [Sink#fail] first, and the close throws that.
  public static WritableByteChannel channel(Sink sink, BufferPool pool) {
    return new SinkChannel(sink, pool);
  }

  /// The same as a stream, whose flush hands on what was written and does not wait for it.
  public static OutputStream stream(Sink sink, BufferPool pool) {
    return new SinkStream(new SinkChannel(sink, pool));
  }
}
