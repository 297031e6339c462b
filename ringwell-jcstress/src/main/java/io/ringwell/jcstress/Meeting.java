package io.ringwell.jcstress;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.PoolOptions;
import io.ringwell.pipe.FlushResult;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeOptions;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A pipe for one meeting. What it wakes runs in the call that wakes it, so that nothing is under
/// way any more when both actors have ended: who was not told by then never is.
abstract class Meeting {
  /// jcstress makes some pipes that never meet, which keep what they took: little of this.
  static final BufferPool POOL = BufferPool.shared(PoolOptions.ofMaxBytes(1L << 30));

  /// Nothing is kept by an empty pipe, unless a meeting is about that.
  static final PipeOptions OPTIONS =
      PipeOptions.defaults()
          .withSegments(64, 512)
          .withKeepBytes(0)
          .withReaderScheduler(Runnable::run)
          .withWriterScheduler(Runnable::run);

  private static final MemorySegment ELSEWHERE = Arena.global().allocate(Long.BYTES);

  final Pipe pipe;
  final PipeWriter writer;
  final PipeReader reader;

  /// How often whoever waits was told.
  final AtomicInteger told = new AtomicInteger();

  /// How often [#owned] came back.
  final AtomicInteger released = new AtomicInteger();

  Meeting(PipeOptions options) {
    pipe = new Pipe(POOL, options);
    writer = pipe.writer();
    reader = pipe.reader();
  }

  /// A call that throws nothing here: jcstress has no place for checked exceptions.
  interface Call<T extends @Nullable Object> {
    T call() throws IOException;
  }

  static <T extends @Nullable Object> T must(Call<T> call) {
    try {
      return call.call();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Commits eight bytes.
  final void put(long value) {
    reserve(Long.BYTES);
    writer.memory().set(JAVA_LONG_UNALIGNED, writer.position(), value);
    writer.commit(Long.BYTES);
  }

  /// Commits `bytes` of any content.
  final void fill(long bytes) {
    reserve(bytes);
    writer.commit(bytes);
  }

  private void reserve(long bytes) {
    if (writer.tryReserve(bytes) < bytes) {
      throw new IllegalStateException("neither room nor memory for " + bytes);
    }
  }

  final FlushResult flush() {
    return must(() -> writer.tryFlush());
  }

  /// A flush that is told of by [#told] where it has to wait.
  final FlushResult flushToldOf() {
    return must(() -> writer.tryFlush(told::incrementAndGet));
  }

  final @Nullable PipeRead read() {
    return must(() -> reader.tryRead());
  }

  /// A read that there is something for.
  final PipeRead readNow() {
    PipeRead read = read();
    if (read == null) {
      throw new IllegalStateException("nothing to read");
    }
    return read;
  }

  /// A read that is told of by [#told] where it has to wait.
  final @Nullable PipeRead readToldOf() {
    return must(() -> reader.tryRead(told::incrementAndGet));
  }

  /// Eight bytes to be given away.
  final Bytes owned() {
    return Bytes.adopt(ELSEWHERE, released::incrementAndGet);
  }
}
