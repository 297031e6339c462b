package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.engine.Operation;
import io.ringwell.file.AsyncFile;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.util.function.LongConsumer;

/// One pass over a file in order, in parts of 1 MiB with eight in flight: writes what [Pattern]
/// says, or reads and compares. Offsets and ends are multiples of what direct I/O wants.
final class PatternPass implements AutoCloseable {
  static final int PART_BYTES = 1 << 20;
  private static final int PARTS_IN_FLIGHT = 8;

  private final AsyncFile file;
  private final Engine engine;
  private final LongConsumer progress;
  private final Operation[] operations = new Operation[PARTS_IN_FLIGHT];
  private final IoBuffer[] buffers = new IoBuffer[PARTS_IN_FLIGHT];
  private final long[] offsets = new long[PARTS_IN_FLIGHT];
  private final int[] lengths = new int[PARTS_IN_FLIGHT];

  PatternPass(AsyncFile file, LongConsumer progress) throws IOException {
    this.file = file;
    this.engine = file.engine();
    this.progress = progress;
    for (int i = 0; i < PARTS_IN_FLIGHT; i++) {
      operations[i] = new Operation();
      buffers[i] = engine.pool().acquire(PART_BYTES);
    }
  }

  void write(long from, long to) throws IOException {
    run(from, to, true);
  }

  /// @throws IOException naming the first offset whose contents are wrong
  void verify(long from, long to) throws IOException {
    run(from, to, false);
  }

  private void run(long from, long to, boolean writes) throws IOException {
    int turn = 0;
    for (long at = from; at < to; at += PART_BYTES) {
      int slot = turn % PARTS_IN_FLIGHT;
      if (turn++ >= PARTS_IN_FLIGHT) {
        finish(slot, writes);
      }
      start(slot, at, (int) Math.min(PART_BYTES, to - at), writes);
    }
    for (int i = Math.max(0, turn - PARTS_IN_FLIGHT); i < turn; i++) {
      finish(i % PARTS_IN_FLIGHT, writes);
    }
  }

  private void start(int slot, long at, int length, boolean writes) throws IOException {
    offsets[slot] = at;
    lengths[slot] = length;
    Operation op = operations[slot];
    if (writes) {
      Pattern.fill(buffers[slot].segment(), 0, at, length);
      op.write(file.handle(), buffers[slot], 0, length, at);
    } else {
      op.read(file.handle(), buffers[slot], 0, length, at);
    }
    engine.submit(op);
  }

  private void finish(int slot, boolean written) throws IOException {
    long moved = operations[slot].await();
    if (!written) {
      if (moved < lengths[slot]) {
        throw new IOException(file.path() + ": ends at " + (offsets[slot] + moved));
      }
      long wrong = Pattern.firstWrong(buffers[slot].segment(), 0, offsets[slot], lengths[slot]);
      if (wrong >= 0) {
        throw new IOException(file.path() + ": wrong contents at offset " + wrong);
      }
    }
    progress.accept(moved);
  }

  /// Memory that an operation still uses goes back when that is complete.
  @Override
  public void close() {
    for (IoBuffer buffer : buffers) {
      buffer.close();
    }
  }
}
