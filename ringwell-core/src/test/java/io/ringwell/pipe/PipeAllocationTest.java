package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringwell.memory.BufferPool;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.PoolOptions;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What a message through a pipe costs on the Java heap, and what is copied of it: nothing.
class PipeAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int MESSAGES = 2000;

  /// How long the compilers may take.
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void aMessageAllocatesAndCopiesNothing() throws IOException {
    // More than a segment holds, in all: segments are passed and used again.
    expectNothing(64);
  }

  @Test
  void aMessageOfSeveralSegmentsAllocatesAndCopiesNothing() throws IOException {
    expectNothing(10_000);
  }

  private static void expectNothing(int bytes) throws IOException {
    try (BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(4 << 20));
        Pipe pipe = new Pipe(pool)) {
      long copied = CopyCounter.bytesCopied();
      long least = Long.MAX_VALUE;
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (least > 0 && System.nanoTime() - end < 0) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        long seen = 0;
        for (int i = 0; i < MESSAGES; i++) {
          write(pipe.writer(), bytes, (byte) i);
          seen += read(pipe.reader(), bytes, (byte) i);
        }
        least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        assertThat(seen).isEqualTo((long) MESSAGES * bytes);
      }
      assertThat(least).as("bytes allocated for %d messages", MESSAGES).isZero();
      assertThat(CopyCounter.bytesCopied()).isEqualTo(copied);
    }
  }

  private static void write(PipeWriter writer, int bytes, byte value) throws IOException {
    int left = bytes;
    while (left > 0) {
      int size = (int) Math.min(left, writer.reserve(1));
      writer.memory().set(ValueLayout.JAVA_BYTE, writer.position(), value);
      writer.commit(size);
      left -= size;
    }
    if (writer.tryFlush() != FlushResult.OPEN) {
      throw new AssertionError("the reader keeps up");
    }
  }

  private static long read(PipeReader reader, int bytes, byte value) throws IOException {
    PipeRead read = Objects.requireNonNull(reader.tryRead());
    if (read.memory().get(ValueLayout.JAVA_BYTE, read.position()) != value
        || read.size() != bytes) {
      throw new AssertionError("another message: " + read);
    }
    long size = read.size();
    read.advance(read.end());
    return size;
  }
}
