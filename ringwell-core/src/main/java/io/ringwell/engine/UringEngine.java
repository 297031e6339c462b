package io.ringwell.engine;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import io.ringwell.uring.RingFeature;
import io.ringwell.uring.RingUnavailableException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/// The io_uring actor: rings, each with a thread of its own, and helpers for what a ring cannot do
/// or does worse. A file belongs to the ring that opened it.
final class UringEngine extends AbstractEngine {
  private final Workers workers;
  private final RingLoop[] loops;
  private final Thread[] threads;
  private final AtomicInteger nextLoop = new AtomicInteger();

  static UringEngine open(EngineOptions options) throws RingUnavailableException {
    BufferPool pool =
        BufferPool.aligned(PoolOptions.ofMaxBytes(options.poolBytes()).withName("engine"));
    try {
      UringEngine engine = new UringEngine(options, pool);
      EngineLog.opened(engine.info());
      return engine;
    } catch (RingUnavailableException | RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  private UringEngine(EngineOptions options, BufferPool pool) throws RingUnavailableException {
    super(options, pool);
    workers = new Workers(this, false, options.workers(), options.queueCapacity());
    loops = new RingLoop[options.rings()];
    threads = new Thread[options.rings()];
    for (int i = 0; i < loops.length; i++) {
      try {
        start(i);
      } catch (RingUnavailableException e) {
        stopLoops(i);
        throw e;
      }
    }
  }

  /// A ring is set up by the thread that will own it.
  private void start(int index) throws RingUnavailableException {
    CompletableFuture<RingLoop> opened = new CompletableFuture<>();
    Thread thread =
        new EngineThread(
            this,
            () -> {
              RingLoop loop;
              try {
                loop = new RingLoop(this, workers);
              } catch (RingUnavailableException | RuntimeException | Error e) {
                opened.completeExceptionally(e);
                return;
              }
              opened.complete(loop);
              loop.run();
            },
            "ringwell-ring-" + index);
    thread.start();
    try {
      loops[index] = opened.join();
      threads[index] = thread;
    } catch (CompletionException e) {
      if (e.getCause() instanceof RingUnavailableException unavailable) {
        throw unavailable;
      }
      throw e;
    }
  }

  @Override
  public EngineInfo info() {
    RingLoop loop = loops[0];
    List<String> features = new ArrayList<>();
    List<String> degraded = new ArrayList<>();
    for (RingFeature feature : RingFeature.values()) {
      if (loop.features().contains(feature)) {
        features.add(feature.label());
      } else {
        degraded.add(
            feature.label()
                + (options.features().contains(feature)
                    ? ": this kernel has it not, or it needs a feature that is switched off"
                    : ": switched off"));
      }
    }
    if (options.pollThread()) {
      features.add("sqpoll");
    }
    addUnlessEmpty(degraded, loop.files().degraded());
    addUnlessEmpty(degraded, loop.memory().degraded());
    return new EngineInfo(
        EngineInfo.Kind.URING, "io_uring is there and permitted", features, degraded);
  }

  private static void addUnlessEmpty(List<String> all, String one) {
    if (!one.isEmpty() && all.stream().noneMatch(said -> said.startsWith(prefix(one)))) {
      all.add(one);
    }
  }

  private static String prefix(String text) {
    return text.substring(0, Math.max(0, text.indexOf(':')));
  }

  /// What a ring cannot do, a worker does.
  @Override
  public boolean supports(OpCode code) {
    return true;
  }

  private RingLoop loopFor(Operation op) {
    RingLoop own = op.loop;
    if (own == null) {
      own = home(op);
      op.loop = own;
    }
    return own;
  }

  /// A file has its ring; what is on none has that of its thread. Files that are read whole are
  /// spread, since one thread may read many.
  private RingLoop home(Operation op) {
    if (op.file != null) {
      return (RingLoop) op.file.carrier;
    }
    if (loops.length == 1) {
      return loops[0];
    }
    long by =
        op.kind == ReadFileKind.INSTANCE
            ? System.identityHashCode(op)
            : Thread.currentThread().threadId();
    return loops[(int) (by % loops.length)];
  }

  @Override
  public boolean accept(Operation op) {
    stamp(op);
    if (isWorkersOwn(op)) {
      return countRefused(workers.offer(op));
    }
    RingLoop loop = loopFor(op);
    if (!countRefused(loop.offer(op))) {
      return false;
    }
    loop.wake();
    return true;
  }

  @Override
  public void awaitRoom(Operation op) throws InterruptedIOException {
    EngineThread.refuseToWait(this);
    if (isWorkersOwn(op)) {
      workers.offerParking(op);
    } else {
      loopFor(op).offerParking(op);
      loopFor(op).wake();
    }
  }

  /// Runs of operations for one ring go into its queue as one batch each; what is linked, urgent, a
  /// worker's own or finds no room goes by itself.
  @Override
  public void submit(Operation[] ops, int from, int to) throws InterruptedIOException {
    int next = from;
    while (next < to) {
      next += submitRun(ops, next, to);
      if (next < to) {
        submit(ops[next++]);
      }
    }
  }

  /// @return how many were submitted
  private int submitRun(Operation[] ops, int from, int to) {
    int end = from;
    int offered = 0;
    RingLoop loop = null;
    try {
      while (end < to) {
        Operation op = ops[end];
        if (op.linked != null || op.priority != Priority.NORMAL || op.kind.prefersWorker(op)) {
          break;
        }
        RingLoop mine = home(op);
        if (loop != null && loop != mine) {
          break;
        }
        op.begin(this);
        op.loop = mine;
        stamp(op);
        loop = mine;
        end++;
      }
    } finally {
      // Also where begin() threw: what was begun before is submitted.
      if (loop != null) {
        offered = loop.offer(ops, from, end);
        loop.wake();
        for (int i = from + offered; i < end; i++) {
          ops[i].unbegin();
        }
      }
    }
    return offered;
  }

  @Override
  public void again(Operation op) {
    if (isWorkersOwn(op)) {
      workers.offerAgain(op);
      return;
    }
    boolean link = op.loop == null;
    RingLoop loop = loopFor(op);
    if (link) {
      OperationSlot.loopIsKnown();
    }
    loop.again(op);
  }

  /// What a ring would only hand on to a kernel worker skips the ring's thread; in a chain it does
  /// not, since the ring's thread keeps the order.
  private static boolean isWorkersOwn(Operation op) {
    return op.linked == null && op.loop == null && op.kind.prefersWorker(op);
  }

  private boolean countRefused(boolean accepted) {
    if (!accepted) {
      counters.refused.increment();
    }
    return accepted;
  }

  @Override
  void answer(Operation op, int result) {
    op.carrier = loopFor(op);
    op.settle(result);
  }

  /// A close is never cancelled: its descriptor would be lost.
  @Override
  public void cancel(Operation op) {
    if (op.kind == CloseKind.INSTANCE || !op.markCancelled()) {
      return;
    }
    RingLoop loop = op.loop;
    if (loop != null) {
      loop.cancel(op);
    }
    workers.cancel(op);
  }

  /// Connections are spread over the rings.
  @Override
  Carrier carrierForSockets(Carrier maker) {
    return loops.length == 1
        ? loops[0]
        : loops[Math.floorMod(nextLoop.getAndIncrement(), loops.length)];
  }

  @Override
  Carrier carrierForFiles(Workers workers) {
    return loops[0];
  }

  @Override
  public void close() {
    if (!startClosing()) {
      return;
    }
    for (RingLoop loop : loops) {
      loop.startEnding();
    }
    workers.startEnding();
    drain();
    stopLoops(loops.length);
    workers.end();
    closeLeft(workers);
    pool.close();
  }

  private void stopLoops(int count) {
    for (int i = 0; i < count; i++) {
      loops[i].stop();
    }
    boolean interrupted = false;
    for (int i = 0; i < count; i++) {
      while (threads[i].isAlive()) {
        try {
          threads[i].join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public EngineStats stats() {
    long onCaller = counters.onCaller.sum();
    long handedOff = counters.operations.sum();
    long failed = counters.failed.sum();
    long bytes = counters.bytes.sum();
    long continued = counters.continued.sum();
    long enters = 0;
    long submissions = 0;
    long largest = 0;
    long inFlight = 0;
    long waiting = 0;
    LatencyHistogram.Merge latency = new LatencyHistogram.Merge();
    latency.add(counters.latency);
    for (RingLoop loop : loops) {
      RingCounters ring = loop.counters();
      handedOff += ring.operations;
      failed += ring.failed;
      bytes += ring.bytes;
      continued += ring.continued;
      enters += ring.enters;
      submissions += ring.submissions;
      largest = Math.max(largest, ring.largestBatch);
      inFlight += loop.inFlight() + loop.lent();
      waiting += loop.waiting();
      latency.add(ring.latency);
    }
    long wakeups = counters.wakeups.sum();
    return new EngineStats(
        handedOff + onCaller,
        handedOff,
        failed,
        bytes,
        counters.syscalls.sum() + onCaller + enters + wakeups,
        enters,
        submissions,
        largest,
        inFlight,
        waiting,
        counters.refused.sum(),
        continued,
        wakeups,
        latency.summary());
  }
}
