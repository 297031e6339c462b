package io.ringwell.bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import com.sun.management.ThreadMXBean;
import io.ringwell.memory.Bytes;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Objects;
import okio.Buffer;

/// Messages of two longs that one thread writes and reads.
final class PipeMessages implements AutoCloseable {
  static final int BYTES = 16;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Pipe pipe;
  private final okio.Pipe okio = new okio.Pipe(64 << 10);
  private final Buffer buffer = new Buffer();
  private final java.nio.channels.Pipe nio;
  private final ByteBuffer message = ByteBuffer.allocateDirect(BYTES);

  PipeMessages(Pipe pipe) throws IOException {
    this.pipe = pipe;
    this.nio = java.nio.channels.Pipe.open();
  }

  /// So many messages.
  interface Loop {
    void run(int count) throws Exception;
  }

  void ours(int count) throws IOException {
    PipeWriter writer = pipe.writer();
    PipeReader reader = pipe.reader();
    long sum = 0;
    for (int i = 0; i < count; i++) {
      writer.reserve(BYTES);
      writer.memory().set(JAVA_LONG_UNALIGNED, writer.position(), i);
      writer.memory().set(JAVA_LONG_UNALIGNED, writer.position() + Long.BYTES, -i);
      writer.commit(BYTES);
      writer.flush();
      PipeRead read = Objects.requireNonNull(reader.tryRead());
      sum += read.memory().get(JAVA_LONG_UNALIGNED, read.position());
      sum += read.memory().get(JAVA_LONG_UNALIGNED, read.position() + Long.BYTES);
      read.advance(read.end());
    }
    check(sum);
  }

  void okio(int count) throws IOException {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      buffer.writeLong(i).writeLong(-i);
      okio.sink().write(buffer, BYTES);
      okio.source().read(buffer, BYTES);
      sum += buffer.readLong() + buffer.readLong();
    }
    check(sum);
  }

  void nio(int count) throws IOException {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      message.clear().putLong(i).putLong(-i).flip();
      nio.sink().write(message);
      message.clear();
      nio.source().read(message);
      sum += message.getLong(0) + message.getLong(Long.BYTES);
    }
    check(sum);
  }

  /// Appends `bytes` again and again, a handle each time.
  static void append(Pipe pipe, Bytes bytes, int count) throws IOException {
    long size = bytes.size();
    for (int i = 0; i < count; i++) {
      pipe.writer().append(bytes.share());
      // PENDING, mostly: to wait for the reader would be to wait for oneself.
      pipe.writer().tryFlush();
      PipeRead read = Objects.requireNonNull(pipe.reader().tryRead());
      if (read.size() != size || read.length() != size) {
        throw new IllegalStateException("appended in pieces: " + read);
      }
      read.advance(read.end());
    }
  }

  private static void check(long sum) {
    if (sum != 0) {
      throw new IllegalStateException("messages were changed on their way");
    }
  }

  /// Bytes allocated for each of so many messages of ours.
  double allocated(int count) throws IOException {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    ours(count);
    return (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / count;
  }

  @Override
  public void close() throws IOException {
    nio.sink().close();
    nio.source().close();
  }
}
