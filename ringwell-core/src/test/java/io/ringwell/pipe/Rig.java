package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A pool and a pipe on it, and a scheduler whose tasks run when the test says so.
final class Rig implements AutoCloseable {
  /// Runs what it is given when told to.
  static final class Manual implements Executor {
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    int size() {
      return tasks.size();
    }

    void runAll() {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
    }
  }

  final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(16 << 20));
  final Pipe pipe;
  final PipeWriter writer;
  final PipeReader reader;

  Rig() {
    this(options());
  }

  Rig(PipeOptions options) {
    pipe = new Pipe(pool, options);
    writer = pipe.writer();
    reader = pipe.reader();
  }

  /// Stages complete in the call that brings them about.
  static PipeOptions options() {
    return PipeOptions.defaults()
        .withThresholds(64 << 10, 32 << 10)
        .withKeepBytes(128 << 10)
        .withReaderScheduler(Runnable::run)
        .withWriterScheduler(Runnable::run);
  }

  void write(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    writer.write(bytes, 0, bytes.length);
  }

  /// So many bytes, each of them the low byte of its offset.
  void writeBytes(long count) throws IOException {
    long left = count;
    while (left > 0) {
      long length = Math.min(left, writer.reserve(1));
      for (long i = 0; i < length; i++) {
        writer
            .memory()
            .set(
                java.lang.foreign.ValueLayout.JAVA_BYTE,
                writer.position() + i,
                (byte) (writer.committed() + i));
      }
      writer.commit(length);
      left -= length;
    }
  }

  FlushResult send(String text) throws IOException {
    write(text);
    return writer.tryFlush();
  }

  static String text(@Nullable PipeRead read) {
    assertThat(read).isNotNull();
    return new String(read.toArray(), StandardCharsets.ISO_8859_1);
  }

  long held() {
    return pool.stats().inUseBytes();
  }

  /// All memory is back.
  @Override
  public void close() {
    pipe.close();
    assertThat(held()).as("bytes of the pool in use").isZero();
    pool.close();
  }

  /// When a long test that begins now has to end, by [System#nanoTime]: a day, or what
  /// `-Dringwell.soak.seconds` says.
  static long end() {
    return System.nanoTime()
        + TimeUnit.SECONDS.toNanos(Long.getLong("ringwell.soak.seconds", 24 * 3600));
  }
}
