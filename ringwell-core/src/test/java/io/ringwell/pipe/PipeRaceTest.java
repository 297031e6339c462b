package io.ringwell.pipe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.IoBuffer;
import io.ringwell.memory.PoolOptions;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A writer and a reader on two threads, a third that cancels: many short pipes, so that beginnings
/// and ends meet, in all ways to wait. A stress test of its own, not one that tries all
/// interleavings: it finds what its many rounds happen to meet.
class PipeRaceTest {
  private static final long CAP = 3000;

  int rounds() {
    return 1500;
  }

  private final BufferPool pool =
      BufferPool.shared(PoolOptions.ofMaxBytes(4 << 20).withPoison(true));

  @Test
  void nothingIsLostWhateverMeets() throws Exception {
    long seed = Long.getLong("ringwell.seed", 1);
    System.out.println(getClass().getSimpleName() + ": -Dringwell.seed=" + seed);
    Random random = new Random(seed);
    long end = Rig.end();
    for (int i = 0; i < rounds() && System.nanoTime() - end < 0; i++) {
      race(random.nextLong());
      assertThat(pool.stats().inUseBytes()).as("round %d of seed %d", i, seed).isZero();
    }
    assertThat(pool.stats().damaged()).isZero();
    pool.close();
  }

  private void race(long seed) throws Exception {
    Random random = new Random(seed);
    PipeOptions options =
        PipeOptions.defaults()
            .withThresholds(500, 1 + random.nextInt(500))
            .withMaxBuffered(CAP)
            .withSegments(64, 512)
            .withKeepBytes(random.nextInt(3) * 600L);
    if (random.nextBoolean()) {
      options = options.withReaderScheduler(Runnable::run).withWriterScheduler(Runnable::run);
    }
    Pipe pipe = new Pipe(pool, options);
    long total = random.nextInt(20_000);
    long readTo = random.nextInt(3) == 0 ? random.nextLong(total + 1) : Long.MAX_VALUE;
    boolean fails = random.nextInt(4) == 0;
    FutureTask<Long> writing =
        new FutureTask<>(() -> new Writing(pipe.writer(), seed + 1).run(total, fails));
    FutureTask<Long> reading =
        new FutureTask<>(() -> new Reading(pipe.reader(), seed + 2).run(readTo));
    AtomicBoolean over = new AtomicBoolean();
    boolean virtual = random.nextBoolean();
    Thread canceller =
        random.nextBoolean() ? null : Thread.ofPlatform().start(() -> cancel(pipe, over));
    start(virtual, writing);
    start(virtual, reading);
    long read = reading.get();
    long written = writing.get();
    over.set(true);
    if (canceller != null) {
      canceller.join();
    }
    if (readTo == Long.MAX_VALUE && !fails) {
      assertThat(written).isEqualTo(total);
      assertThat(read).as("seed %d", seed).isEqualTo(total);
    } else {
      assertThat(read).isLessThanOrEqualTo(written);
    }
  }

  private static void start(boolean virtual, Runnable task) {
    if (virtual) {
      Thread.ofVirtual().start(task);
    } else {
      Thread.ofPlatform().start(task);
    }
  }

  private static void cancel(Pipe pipe, AtomicBoolean over) {
    while (!over.get()) {
      pipe.reader().cancelPending();
      Thread.yield();
      pipe.writer().cancelPending();
      Thread.yield();
    }
  }

  private static byte value(long offset) {
    return (byte) (offset * 31 + (offset >> 8));
  }

  private final class Writing {
    private final PipeWriter writer;
    private final Random random;

    Writing(PipeWriter writer, long seed) {
      this.writer = writer;
      this.random = new Random(seed);
    }

    long run(long total, boolean fails) throws IOException {
      while (writer.committed() < total) {
        long count = Math.min(total - writer.committed(), 1 + random.nextInt(700));
        if (random.nextInt(3) == 0) {
          append(count);
        } else {
          fill(count);
        }
        if (random.nextInt(4) > 0 && flush() == FlushResult.COMPLETED) {
          break;
        }
      }
      writer.complete(fails ? new IOException("planned") : null);
      return writer.committed();
    }

    private void fill(long count) throws IOException {
      try {
        writer.reserve(count);
      } catch (CancellationException e) {
        return;
      }
      for (long i = 0; i < count; i++) {
        writer.memory().set(JAVA_BYTE, writer.position() + i, value(writer.committed() + i));
      }
      writer.commit(count);
    }

    private void append(long count) throws IOException {
      IoBuffer buffer = pool.acquire(count);
      for (long i = 0; i < count; i++) {
        buffer.segment().set(JAVA_BYTE, i, value(writer.committed() + i));
      }
      Bytes bytes = buffer.freeze();
      try {
        writer.append(bytes);
      } catch (CancellationException e) {
        bytes.close();
      }
    }

    private FlushResult flush() throws IOException {
      return switch (random.nextInt(4)) {
        case 0 -> writer.flush();
        case 1 -> writer.flushAsync().toCompletableFuture().join();
        case 2 -> flushWhenCalled();
        default -> writer.tryFlush();
      };
    }

    private FlushResult flushWhenCalled() throws IOException {
      Semaphore called = new Semaphore(0);
      FlushResult result = writer.tryFlush(called::release);
      if (result == FlushResult.PENDING) {
        called.acquireUninterruptibly();
        result = writer.tryFlush();
      }
      return result;
    }
  }

  private static final class Reading {
    private final PipeReader reader;
    private final Random random;

    Reading(PipeReader reader, long seed) {
      this.reader = reader;
      this.random = new Random(seed);
    }

    /// @return up to where it was checked
    long run(long readTo) throws IOException {
      long seen = 0;
      while (true) {
        PipeRead read;
        try {
          read = next();
        } catch (IOException e) {
          assertThat(e).hasMessage("planned");
          break;
        }
        if (read == null) {
          Thread.onSpinWait();
          continue;
        }
        assertThat(read.size()).isLessThanOrEqualTo(CAP);
        check(read);
        seen = Math.max(seen, read.end());
        boolean last = read.isCompleted();
        if (seen >= readTo) {
          break;
        }
        advance(read);
        if (last && reader.consumed() == seen) {
          break;
        }
      }
      reader.complete();
      return seen;
    }

    private @Nullable PipeRead next() throws IOException {
      try {
        return switch (random.nextInt(6)) {
          case 0 -> reader.readAtLeast(random.nextInt(1000));
          case 1 -> reader.readAsync().toCompletableFuture().join();
          case 2 -> reader.readAtLeastAsync(random.nextInt(1000)).toCompletableFuture().join();
          case 3 -> reader.tryRead();
          case 4 -> readWhenCalled();
          default -> reader.read();
        };
      } catch (CompletionException e) {
        if (e.getCause() instanceof IOException cause) {
          throw cause;
        }
        throw e;
      }
    }

    private @Nullable PipeRead readWhenCalled() throws IOException {
      Semaphore called = new Semaphore(0);
      PipeRead read = reader.tryRead(called::release);
      if (read == null) {
        called.acquireUninterruptibly();
        read = reader.tryRead();
      }
      return read;
    }

    private static void check(PipeRead read) {
      long at = read.start();
      do {
        for (long i = 0; i < read.length(); i++) {
          if (read.memory().get(JAVA_BYTE, read.position() + i) != value(at + i)) {
            throw new AssertionError("byte " + (at + i));
          }
        }
        at += read.length();
      } while (read.nextFragment());
      assertThat(at).isEqualTo(read.end());
    }

    private void advance(PipeRead read) throws IOException {
      long to =
          random.nextInt(3) > 0 || read.isFull() || read.isCompleted()
              ? read.end()
              : read.start() + random.nextLong(read.size() + 1);
      if (random.nextInt(4) == 0) {
        try (BytesChain chain = read.detach(to)) {
          assertThat(chain.isClosed()).isFalse();
        }
      } else {
        read.advance(to, random.nextBoolean() ? Long.MAX_VALUE : to);
      }
    }
  }
}
