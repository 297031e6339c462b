package io.ringwell.cli;

import io.ringwell.engine.Operation;
import io.ringwell.file.AsyncFile;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One virtual thread with one blocking operation at a time into a buffer that is used again.
final class ThreadJob extends BenchJob {
  /// A thread whose reads are all cached never parks, and would keep its carrier from the others.
  private static final int YIELD_EVERY = 64;

  private final AsyncFile file;
  private final Operation write = new Operation();
  private @Nullable IoBuffer buffer;

  ThreadJob(BenchPlan plan, BenchSignals signals, int job, long seed, AsyncFile file) {
    super(plan, signals, job, seed);
    this.file = file;
  }

  @Override
  void setUp() throws IOException {
    IoBuffer mine = file.engine().pool().acquire(plan.block());
    prepareToFill(mine.segment(), 0);
    buffer = mine;
  }

  @Override
  void work() throws IOException {
    IoBuffer mine = Objects.requireNonNull(buffer);
    int block = plan.block();
    int turn = 0;
    while (!stopped()) {
      long offset = offsets.next();
      long stamp;
      long moved;
      if (plan.mode().writes) {
        fill(mine.segment(), 0, offset);
        stamp = stamp();
        file.engine().submit(write.write(file.handle(), mine, 0, block, offset));
        moved = write.await();
      } else {
        stamp = stamp();
        moved = file.read(offset, mine, 0, block);
      }
      if (moved != block) {
        throw shortResult(offset, moved);
      }
      completed(stamp, mine.segment(), 0, offset);
      if (++turn % YIELD_EVERY == 0) {
        Thread.yield();
      }
    }
    endMeasuring();
  }

  @Override
  void tearDown() {
    if (buffer != null) {
      buffer.close();
    }
  }
}
