package io.ringwell.engine;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import java.io.InterruptedIOException;
import java.util.List;

/// The portable engine: a bounded pool of threads that make blocking calls.
final class ThreadEngine extends AbstractEngine {
  private final Workers workers;
  private final EngineInfo info;
  private final boolean overChannels;

  ThreadEngine(EngineOptions options, boolean overChannels, String why) {
    super(
        options,
        BufferPool.aligned(PoolOptions.ofMaxBytes(options.poolBytes()).withName("engine")));
    this.overChannels = overChannels;
    this.workers = new Workers(this, overChannels, options.workers(), options.queueCapacity());
    this.info =
        new EngineInfo(
            overChannels ? EngineInfo.Kind.CHANNELS : EngineInfo.Kind.THREADS,
            why,
            List.of("workers " + options.workers()),
            overChannels
                ? List.of(
                    "FileChannel has no direct I/O, punch hole, allocate, splice or madvise",
                    "children that are started by other means than ProcessBuilder inherit its"
                        + " descriptors")
                : List.of());
    EngineLog.opened(info);
  }

  @Override
  public EngineInfo info() {
    return info;
  }

  @Override
  public boolean supports(OpCode code) {
    return !overChannels || Kinds.of(code).inChannel();
  }

  @Override
  public boolean accept(Operation op) {
    stamp(op);
    boolean accepted = workers.offer(op);
    if (!accepted) {
      counters.refused.increment();
    }
    return accepted;
  }

  @Override
  public void awaitRoom(Operation op) throws InterruptedIOException {
    EngineThread.refuseToWait(this);
    workers.offerParking(op);
  }

  @Override
  public void again(Operation op) {
    workers.offerAgain(op);
  }

  @Override
  boolean makesCalls() {
    return !overChannels;
  }

  @Override
  void answer(Operation op, int result) {
    op.carrier = workers;
    op.settle(result);
  }

  @Override
  public void cancel(Operation op) {
    if (op.kind != CloseKind.INSTANCE && op.markCancelled()) {
      workers.cancel(op);
    }
  }

  @Override
  public void close() {
    if (!startClosing()) {
      return;
    }
    workers.startEnding();
    drain();
    workers.end();
    closeLeft(workers);
    pool.close();
  }

  @Override
  public EngineStats stats() {
    long onCaller = counters.onCaller.sum();
    long handedOff = counters.operations.sum();
    return new EngineStats(
        handedOff + onCaller,
        handedOff,
        counters.failed.sum(),
        counters.bytes.sum(),
        counters.syscalls.sum() + onCaller,
        0,
        0,
        0,
        workers.running(),
        workers.waiting(),
        counters.refused.sum(),
        counters.continued.sum(),
        0,
        counters.latency.summary());
  }
}
