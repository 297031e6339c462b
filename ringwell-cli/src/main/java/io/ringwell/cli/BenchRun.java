package io.ringwell.cli;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineInfo;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.OpenOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs the jobs of a plan together, and measures around them.
final class BenchRun {
  private static final long END_MILLIS = 60_000;

  private final BenchPlan plan;
  private final Engine engine;
  private final ThreadMXBean threads;
  private final OperatingSystemMXBean system;

  /// @param engine for all but the raw ring, which only has its file opened by it
  BenchRun(BenchPlan plan, Engine engine) {
    this.plan = plan;
    this.engine = engine;
    this.threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    this.system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  }

  /// @param seed where the random offsets start; not the same for a warm-up and what follows it
  BenchResult run(double seconds, long seed) throws IOException {
    try (AsyncFile file = AsyncFile.open(engine, plan.file(), options())) {
      int workers = plan.jobs() + (plan.ticks() ? 1 : 0);
      BenchSignals signals = new BenchSignals(workers);
      List<BenchJob> jobs = new ArrayList<>();
      for (int i = 0; i < plan.jobs(); i++) {
        jobs.add(job(signals, i, seed, file));
      }
      Ticker ticker = plan.ticks() ? new Ticker(signals) : null;
      return measure(seconds, signals, jobs, ticker);
    }
  }

  private OpenOptions options() {
    OpenOptions access = plan.mode().writes ? OpenOptions.readWrite() : OpenOptions.read();
    OpenOptions handOff =
        access.withHandOff(plan.tryCache() ? OpenOptions.HandOff.AUTO : OpenOptions.HandOff.ALWAYS);
    return plan.direct() ? handOff.direct() : handOff;
  }

  private BenchJob job(BenchSignals signals, int job, long seed, AsyncFile file) {
    return switch (plan.api()) {
      case RING -> new RingJob(plan, signals, job, seed, file.handle());
      case ACTOR -> new ActorJob(plan, signals, job, seed, engine, file.handle());
      case VTHREAD -> new ThreadJob(plan, signals, job, seed, file);
    };
  }

  private BenchResult measure(
      double seconds, BenchSignals signals, List<BenchJob> jobs, @Nullable Ticker ticker)
      throws IOException {
    boolean virtual = plan.api() == BenchPlan.Api.VTHREAD;
    for (BenchJob job : jobs) {
      Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
      builder.name("bench").start(job);
    }
    if (ticker != null) {
      Thread.ofVirtual().name("ticker").start(ticker);
    }
    try {
      signals.awaitReady();
      long calls = engine.stats().syscalls();
      long allocated = threads.getTotalThreadAllocatedBytes();
      long cpu = system.getProcessCpuTime();
      signals.go();
      sleep(seconds, signals);
      int live = threads.getThreadCount();
      signals.stop();
      boolean ended = signals.awaitEnd(END_MILLIS);
      cpu = system.getProcessCpuTime() - cpu;
      allocated = threads.getTotalThreadAllocatedBytes() - allocated;
      calls = engine.stats().syscalls() - calls;
      rethrow(jobs);
      if (!ended) {
        throw new IOException("operations in flight did not complete in a minute");
      }
      return result(jobs, cpu, calls, allocated, live, ticker);
    } catch (InterruptedException e) {
      InterruptedIOException told = new InterruptedIOException("interrupted");
      told.initCause(e);
      throw told;
    } finally {
      // Also where this thread was interrupted: the file is not closed under the jobs.
      signals.stop();
      signals.go();
      endQuietly(signals);
    }
  }

  private static void sleep(double seconds, BenchSignals signals) throws InterruptedException {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    long left = end - System.nanoTime();
    while (left > 0 && !signals.stopped()) {
      Thread.sleep(Math.clamp(left / 1_000_000, 1, 50));
      left = end - System.nanoTime();
    }
  }

  private static void endQuietly(BenchSignals signals) {
    try {
      signals.awaitEnd(END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void rethrow(List<BenchJob> jobs) throws IOException {
    for (BenchJob job : jobs) {
      switch (job.failure()) {
        case null -> {}
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IOException(e);
      }
    }
  }

  private BenchResult result(
      List<BenchJob> jobs,
      long cpu,
      long engineCalls,
      long allocated,
      int live,
      @Nullable Ticker ticker) {
    Latencies latencies = new Latencies();
    long operations = 0;
    long calls = engineCalls;
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (BenchJob job : jobs) {
      latencies.add(job.latencies);
      operations += job.operations();
      calls += job.systemCalls();
      start = Math.min(start, job.startNanos());
      end = Math.max(end, job.endNanos());
    }
    EngineInfo.Kind kind =
        plan.api() == BenchPlan.Api.RING ? EngineInfo.Kind.URING : engine.info().kind();
    return new BenchResult(
        kind,
        Math.max(end - start, 1) / 1e9,
        operations,
        latencies,
        cpu,
        calls,
        allocated,
        live,
        ticker == null ? Double.NaN : ticker.keptPercent());
  }
}
