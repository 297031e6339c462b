package io.ringwell.cli;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// One thread of a bench. What it sets up is not measured.
abstract class BenchJob implements Runnable {
  final BenchPlan plan;
  final Offsets offsets;
  final Latencies latencies = new Latencies();
  private final BenchSignals signals;
  private final int sampleMask;
  private long ticket;
  private long operations;
  private long startNanos;
  private long endNanos;
  private @Nullable Throwable failure;

  BenchJob(BenchPlan plan, BenchSignals signals, int job, long seed) {
    this.plan = plan;
    this.signals = signals;
    this.offsets = new Offsets(plan, job, seed);
    this.sampleMask = plan.sampleOneIn() - 1;
  }

  abstract void setUp() throws IOException;

  /// Works until [#stopped()], then waits for what is in flight.
  abstract void work() throws IOException;

  /// Also after a set-up that failed half-way.
  abstract void tearDown() throws IOException;

  /// System calls that no engine counted.
  long systemCalls() {
    return 0;
  }

  @Override
  public final void run() {
    try {
      setUp();
      signals.awaitGo();
      startNanos = System.nanoTime();
      work();
    } catch (InterruptedException | IOException | RuntimeException | Error e) {
      failure = e;
      signals.stop();
    }
    try {
      tearDown();
    } catch (IOException | RuntimeException e) {
      failure = failure == null ? e : failure;
    }
    signals.ended();
  }

  final boolean stopped() {
    return signals.stopped();
  }

  /// From here on nothing is counted.
  final void endMeasuring() {
    endNanos = System.nanoTime();
  }

  /// The time now for one operation in a few, 0 for the others.
  final long stamp() {
    return (ticket++ & sampleMask) == 0 ? System.nanoTime() : 0;
  }

  /// An operation that moved a whole block has completed.
  final void completed(long stamp, MemorySegment memory, long at, long offset) throws IOException {
    operations++;
    if (stamp != 0) {
      latencies.record(System.nanoTime() - stamp);
    }
    if (plan.verify() && !plan.mode().writes) {
      verify(memory, at, offset);
    }
  }

  private void verify(MemorySegment memory, long at, long offset) throws IOException {
    long wrong = Pattern.firstWrong(memory, at, offset, plan.block());
    if (wrong >= 0) {
      boolean begins = wrong % Pattern.SECTOR_BYTES == 0;
      throw new IOException(
          plan.file()
              + ": wrong contents at offset "
              + wrong
              + (begins
                  ? ", which claims to be from offset "
                      + Pattern.claimed(memory, at + wrong - offset)
                  : "")
              + "; if something else wrote to the file, remove it and run again");
    }
  }

  /// To be called once for memory that [#fill] is to fill.
  final void prepareToFill(MemorySegment memory, long at) {
    if (plan.mode().writes) {
      Pattern.fill(memory, at, 0, plan.block());
    }
  }

  /// Writes into memory what belongs at `offset` of the file.
  final void fill(MemorySegment memory, long at, long offset) {
    if (plan.block() % Pattern.SECTOR_BYTES == 0) {
      Pattern.move(memory, at, offset, plan.block());
    } else {
      Pattern.fill(memory, at, offset, plan.block());
    }
  }

  final IOException shortResult(long offset, long result) {
    return new IOException(
        (plan.mode().writes ? "write " : "read ")
            + plan.file()
            + " at "
            + offset
            + " for "
            + plan.block()
            + " bytes: "
            + (result < 0 ? "error number " + -result : "only " + result + " were moved"));
  }

  final long operations() {
    return operations;
  }

  final long startNanos() {
    return startNanos;
  }

  final long endNanos() {
    return endNanos;
  }

  final @Nullable Throwable failure() {
    return failure;
  }
}
