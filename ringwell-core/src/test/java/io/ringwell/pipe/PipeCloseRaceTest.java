package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.PoolOptions;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// A reader that is completed by another thread than the one that brings what its read waits for:
/// the two begin at once, in many short pipes.
class PipeCloseRaceTest {
  private static final int ROUNDS = 5_000;

  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(4 << 20));

  /// What was read before is passed by the read that comes, or let go with everything else.
  @Test
  void memoryComesBackOnceWhereACloseMeetsTheFlushThatAReadWaitsFor() throws Exception {
    Bytes given = pool.acquire(8).freeze();
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      for (int i = 0; i < ROUNDS; i++) {
        Pipe pipe = new Pipe(pool, Rig.options().withKeepBytes(4 << 10));
        CompletionStage<PipeRead> stage = waitBehindWhatWasRead(pipe);
        AtomicInteger there = new AtomicInteger();
        Future<?> closing =
            other.submit(() -> {
              meet(there);
              pipe.reader().close();
            });
        meet(there);
        pipe.writer().append(given.share());
        pipe.writer().tryFlush();
        closing.get();
        pipe.writer().complete();
        assertThat(stage.toCompletableFuture()).as("the read of round %d", i).isDone();
        assertThat(pool.stats().inUseBytes()).as("in use after round %d", i).isEqualTo(512);
      }
    }
    given.close();
    assertThat(pool.stats().inUseBytes()).isZero();
    pool.close();
  }

  /// Of a segment that its writer has left, and of the last one: each is detached, or let go with
  /// everything else.
  @Test
  void memoryComesBackOnceWhereACloseMeetsADetach() throws Exception {
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      for (int i = 0; i < ROUNDS; i++) {
        Pipe pipe = new Pipe(pool, Rig.options().withSegments(64, 64));
        for (int segment = 0; segment < 3; segment++) {
          pipe.writer().reserve(64);
          pipe.writer().commit(64);
        }
        pipe.writer().tryFlush();
        PipeRead read = pipe.reader().read();
        AtomicInteger there = new AtomicInteger();
        Future<?> closing =
            other.submit(() -> {
              meet(there);
              pipe.reader().close();
            });
        meet(there);
        detach(read);
        closing.get();
        pipe.writer().complete();
        assertThat(pool.stats().inUseBytes()).as("in use after round %d", i).isZero();
      }
    }
    pool.close();
  }

  private static void detach(PipeRead read) throws IOException {
    try (BytesChain chain = read.detach(read.end())) {
      assertThat(chain.size()).isLessThanOrEqualTo(192);
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("complete");
    }
  }

  private static CompletionStage<PipeRead> waitBehindWhatWasRead(Pipe pipe) throws IOException {
    pipe.writer().reserve(8);
    pipe.writer().commit(8);
    pipe.writer().tryFlush();
    PipeRead read = pipe.reader().read();
    read.advance(read.end());
    return pipe.reader().readAsync();
  }

  /// Returns in both threads at once.
  private static void meet(AtomicInteger there) {
    there.incrementAndGet();
    while (there.get() < 2) {
      Thread.yield();
    }
  }
}
