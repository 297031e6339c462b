package io.ringwell.cli;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;

/// One thread that hands operations to the engine in batches and collects them from a completion
/// queue. The loop allocates nothing.
final class ActorJob extends BenchJob {
  private final Engine engine;
  private final FileHandle file;
  private final CompletionQueue done = new CompletionQueue();
  private final Operation[] operations;
  private final IoBuffer[] buffers;
  private final Operation[] pending;
  private final long[] offsetOf;
  private final long[] stampOf;
  private final int[] free;
  private int freeCount;
  private int inFlight;

  ActorJob(
      BenchPlan plan, BenchSignals signals, int job, long seed, Engine engine, FileHandle file) {
    super(plan, signals, job, seed);
    this.engine = engine;
    this.file = file;
    int depth = plan.depth();
    operations = new Operation[depth];
    buffers = new IoBuffer[depth];
    pending = new Operation[Math.min(plan.batch(), depth)];
    offsetOf = new long[depth];
    stampOf = new long[depth];
    free = new int[depth];
    for (int slot = 0; slot < depth; slot++) {
      operations[slot] = new Operation().tag(slot);
    }
  }

  @Override
  void setUp() throws IOException {
    for (int slot = 0; slot < operations.length; slot++) {
      buffers[slot] = engine.pool().acquire(plan.block());
      prepareToFill(buffers[slot].segment(), 0);
      free[freeCount++] = slot;
    }
  }

  @Override
  void work() throws IOException {
    while (!stopped()) {
      start();
      if (inFlight > 0) {
        reap();
      }
    }
    endMeasuring();
  }

  /// Prepares up to a batch and hands it over. A read that the cache answers is done at once, and
  /// its slot is free again.
  private void start() throws IOException {
    int count = 0;
    for (int n = plan.batch(); n > 0 && freeCount > 0; n--) {
      int slot = free[freeCount - 1];
      Operation op = prepare(slot);
      if (plan.tryCache() && engine.tryNow(op)) {
        finished(slot);
      } else {
        freeCount--;
        pending[count++] = op.notifying(done);
      }
    }
    if (count > 0) {
      engine.submit(pending, 0, count);
      inFlight += count;
    }
  }

  private Operation prepare(int slot) {
    long offset = offsets.next();
    offsetOf[slot] = offset;
    Operation op = operations[slot];
    IoBuffer buffer = buffers[slot];
    int block = plan.block();
    if (plan.mode().writes) {
      fill(buffer.segment(), 0, offset);
      op.write(file, buffer, 0, block, offset);
    } else {
      op.read(file, buffer, 0, block, offset);
    }
    stampOf[slot] = stamp();
    return op;
  }

  private void reap() throws IOException {
    Operation op = freeCount == 0 ? done.take() : done.poll();
    for (int n = plan.batch(); op != null; op = done.poll()) {
      inFlight--;
      int slot = (int) op.tag();
      free[freeCount++] = slot;
      finished(slot);
      if (--n == 0) {
        return;
      }
    }
  }

  private void finished(int slot) throws IOException {
    Operation op = operations[slot];
    if (op.errno() != 0) {
      op.result();
    }
    if (op.transferred() != plan.block()) {
      throw shortResult(offsetOf[slot], op.transferred());
    }
    completed(stampOf[slot], buffers[slot].segment(), 0, offsetOf[slot]);
  }

  @Override
  void tearDown() throws IOException {
    while (inFlight > 0) {
      done.take();
      inFlight--;
    }
    for (IoBuffer buffer : buffers) {
      if (buffer != null) {
        buffer.close();
      }
    }
  }
}
