package io.ringwell.cli;

import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.OpenFlag;
import java.nio.file.Path;

/// What one bench measures.
///
/// @param size bytes of the file that are used, a multiple of `block`
/// @param block bytes of one operation
/// @param depth operations in flight for each job
/// @param batch operations handed over at once, at the most
/// @param jobs threads, each with its own `depth`
/// @param verify whether every block read is compared with what belongs there
/// @param seconds how long it is measured
/// @param tryCache whether page-cache hits are answered on the caller's thread
/// @param ticks whether a timer of 1 kHz runs on a virtual thread beside the jobs
record BenchPlan(
    BenchMode mode,
    Path file,
    long size,
    int block,
    int depth,
    int batch,
    int jobs,
    boolean direct,
    boolean cold,
    boolean verify,
    double seconds,
    Api api,
    boolean tryCache,
    boolean ticks) {
  /// Operations are timed one in so many, where they are many.
  private static final int SAMPLE_ONE_IN = 16;

  private static final int FAST_BLOCK_BYTES = 65536;

  /// Which interface is measured.
  enum Api {
    ACTOR,
    RING,
    VTHREAD;

    String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  long blocks() {
    return size / block;
  }

  /// One operation in so many is timed, so that the clock costs little beside the operation.
  int sampleOneIn() {
    return direct || cold || block >= FAST_BLOCK_BYTES ? 1 : SAMPLE_ONE_IN;
  }

  int openFlags() {
    int access = mode.writes ? OpenFlag.READ | OpenFlag.WRITE : OpenFlag.READ;
    return direct ? access | OpenFlag.DIRECT : access;
  }

  /// Room for all that this plan has in flight.
  EngineOptions engineOptions(EngineOptions base) {
    int inFlight = Math.clamp((long) depth * jobs, base.inFlight(), MAX_IN_FLIGHT);
    int queue = Math.max(base.queueCapacity(), Integer.highestOneBit(inFlight) * 2);
    long memory = (long) depth * jobs * Math.max(block, 4096) + SPARE_POOL_BYTES;
    return base.withInFlight(inFlight)
        .withQueueCapacity(queue)
        .withPoolBytes(Math.max(base.poolBytes(), 2 * memory));
  }

  private static final int MAX_IN_FLIGHT = 16384;
  private static final long SPARE_POOL_BYTES = 64L << 20;
}
