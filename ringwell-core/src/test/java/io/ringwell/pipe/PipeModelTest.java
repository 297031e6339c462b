package io.ringwell.pipe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.IoBuffer;
import io.ringwell.memory.PoolOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random calls of both halves on one thread, against offsets that say what has to come of them.
/// Faults are a pool that has nothing, cancels, and ends in the middle with an error or without.
class PipeModelTest {
  private static final long PAUSE = 3000;
  private static final long RESUME = 1000;
  private static final long CAP = 20_000;

  int steps() {
    return 10_000;
  }

  private final Random random = new Random(Long.getLong("ringwell.seed", 1));
  private final BufferPool pool =
      BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20).withPoison(true));
  private final List<BytesChain> kept = new ArrayList<>();
  private @Nullable IoBuffer hoard;

  // The model.
  private long committed;
  private long flushed;
  private long consumed;
  private long examined;
  private boolean paused;
  private boolean readCancelled;
  private boolean writeCancelled;
  private boolean written;
  private @Nullable PipeRead read;

  @Test
  void everyCallDoesWhatItSays() throws IOException {
    System.out.println("PipeModelTest: -Dringwell.seed=" + Long.getLong("ringwell.seed", 1));
    int left = steps();
    long end = Rig.end();
    while (left > 0 && System.nanoTime() - end < 0) {
      long keep = random.nextInt(3) * 6000L;
      PipeOptions options =
          Rig.options()
              .withThresholds(PAUSE, RESUME)
              .withMaxBuffered(CAP)
              .withSegments(512, 4096)
              .withKeepBytes(keep);
      Pipe pipe = new Pipe(pool, options);
      for (int life = random.nextInt(4); life >= 0; life--) {
        int length = Math.min(left, 1 + random.nextInt(3000));
        live(pipe, length);
        left -= length;
        end(pipe);
        assertThat(pool.stats().inUseBytes()).as("held by a pipe that has ended").isZero();
        pipe.reset();
      }
      pipe.close();
    }
    assertThat(pool.stats().damaged()).isZero();
    pool.close();
  }

  private void live(Pipe pipe, int length) throws IOException {
    committed = flushed = consumed = examined = 0;
    paused = readCancelled = writeCancelled = written = false;
    read = null;
    for (int i = 0; i < length; i++) {
      int action = random.nextInt(100);
      if (action < 50) {
        if (!written) {
          write(pipe.writer(), action);
        }
      } else if (action < 96) {
        if (read != null) {
          advance(read);
        } else {
          read(pipe.reader());
        }
      } else {
        disturb(pipe, action);
      }
      assertThat(committed - consumed).isLessThanOrEqualTo(CAP);
    }
  }

  private void write(PipeWriter writer, int action) throws IOException {
    if (action < 20) {
      fill(writer);
    } else if (action < 30) {
      append(writer);
    } else {
      FlushResult result = writer.tryFlush();
      flushed = committed;
      assertThat(result).isEqualTo(expectedFlush());
    }
  }

  private void fill(PipeWriter writer) {
    long least = random.nextInt(4) == 0 ? random.nextInt(6000) : random.nextInt(40);
    long room = writer.tryReserve(least);
    long need = Math.max(least, 1);
    if (committed - consumed + need > CAP) {
      assertThat(room).isZero();
      return;
    }
    if (room == 0) {
      assertThat(hoard).as("only without memory").isNotNull();
      return;
    }
    assertThat(room).isBetween(need, CAP - (committed - consumed));
    long count = random.nextLong(Math.min(room, need * 2) + 1);
    for (long i = 0; i < count; i++) {
      writer.memory().set(JAVA_BYTE, writer.position() + i, value(committed + i));
    }
    writer.commit(count);
    committed += count;
    assertThat(writer.committed()).isEqualTo(committed);
    assertThat(writer.unflushed()).isEqualTo(committed - flushed);
  }

  private void append(PipeWriter writer) {
    int size = random.nextInt(3) == 0 ? random.nextInt(5000) : random.nextInt(20);
    IoBuffer buffer = pool.tryAcquire(size);
    if (buffer == null) {
      return;
    }
    for (int i = 0; i < size; i++) {
      buffer.segment().set(JAVA_BYTE, i, value(committed + i));
    }
    Bytes bytes = buffer.freeze();
    boolean taken = writer.tryAppend(bytes);
    assertThat(taken).isEqualTo(committed - consumed + size <= CAP);
    if (taken) {
      committed += size;
    } else {
      bytes.close();
    }
  }

  private FlushResult expectedFlush() {
    if (writeCancelled) {
      writeCancelled = false;
      return FlushResult.CANCELLED;
    }
    paused = flushed - examined >= (paused ? RESUME : PAUSE);
    return paused || flushed - consumed >= CAP ? FlushResult.PENDING : FlushResult.OPEN;
  }

  private void read(PipeReader reader) throws IOException {
    PipeRead got = reader.tryRead();
    boolean due = flushed > examined || readCancelled || written;
    if (got == null) {
      assertThat(due).isFalse();
      return;
    }
    assertThat(due || got.isFull()).isTrue();
    assertThat(got.start()).isEqualTo(consumed);
    assertThat(got.end()).isEqualTo(flushed);
    assertThat(got.isCancelled()).isEqualTo(readCancelled);
    assertThat(got.isCompleted()).isEqualTo(written);
    if (got.isFull()) {
      assertThat(flushed).isEqualTo(examined).isGreaterThan(consumed);
    }
    long at = consumed;
    do {
      assertThat(got.fragmentStart()).isEqualTo(at);
      for (long i = 0; i < got.length(); i++) {
        if (got.memory().get(JAVA_BYTE, got.position() + i) != value(at + i)) {
          throw new AssertionError("byte " + (at + i));
        }
      }
      at += got.length();
    } while (got.nextFragment());
    assertThat(at).isEqualTo(flushed);
    if (got.isCancelled() && random.nextBoolean()) {
      readCancelled = false;
      return;
    }
    readCancelled = false;
    read = got;
  }

  private void advance(PipeRead got) throws IOException {
    long end = got.end();
    long to = random.nextBoolean() ? end : consumed + random.nextLong(end - consumed + 1);
    if (random.nextInt(6) == 0) {
      BytesChain chain = got.detach(to);
      assertThat(chain.size()).isEqualTo(to - consumed);
      kept.add(chain);
      examined = Math.max(examined, to);
    } else {
      long seen = random.nextBoolean() ? Long.MAX_VALUE : to + random.nextInt(100);
      got.advance(to, seen);
      examined = Math.max(examined, Math.min(seen, end));
    }
    check(to);
    consumed = to;
    read = null;
  }

  /// What was detached is still what it was, when it is closed.
  private void check(long to) {
    if (kept.size() > 4 || to == 0) {
      for (BytesChain chain : kept) {
        chain.close();
      }
      kept.clear();
    }
  }

  private void disturb(Pipe pipe, int action) {
    if (action == 96) {
      pipe.reader().cancelPending();
      readCancelled = true;
    } else if (action == 97) {
      pipe.writer().cancelPending();
      writeCancelled = true;
    } else if (hoard != null) {
      hoard.close();
      hoard = null;
    } else if (action == 98) {
      hoard = takeAll();
    } else if (random.nextInt(20) == 0) {
      pipe.writer().complete();
      written = true;
      flushed = committed;
    }
  }

  /// The largest piece there is, down to a segment: then nothing is left for the pipe.
  private @Nullable IoBuffer takeAll() {
    for (long size = pool.maxBytes(); size >= 512; size >>= 1) {
      IoBuffer all = pool.tryAcquire(size);
      if (all != null) {
        return all;
      }
    }
    return null;
  }

  /// One side first, in any state, with or without an error.
  private void end(Pipe pipe) {
    for (BytesChain chain : kept) {
      chain.close();
    }
    kept.clear();
    if (hoard != null) {
      hoard.close();
      hoard = null;
    }
    Throwable error = random.nextBoolean() ? new IOException("planned") : null;
    if (random.nextBoolean()) {
      pipe.writer().complete(error);
      pipe.reader().complete(error);
    } else {
      pipe.reader().complete(error);
      pipe.writer().complete(error);
    }
  }

  private static byte value(long offset) {
    return (byte) (offset * 31 + (offset >> 8));
  }
}
