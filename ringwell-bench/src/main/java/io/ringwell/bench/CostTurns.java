package io.ringwell.bench;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.memory.IoBuffer;
import io.ringwell.window.AccessHint;
import io.ringwell.window.CostFactors;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.Readiness;
import io.ringwell.window.Route;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/// Measures what [CostFactors] says, on the file system of the bench's files, and prints each
/// factor beside the value that is built in. Medians; as the planner's sums need them, so a rate is
/// what is left when calls are taken away.
final class CostTurns {
  private static final int ROUNDS = Integer.getInteger("rounds", 7);
  private static final int CALLS = 20_000;
  private static final int READS = 2000;
  private static final int COLD_READS = 500;
  private static final int PAGE = 4096;

  private final Engine engine;
  private final DataFile cached;
  private final DataFile large;

  /// @param cached a file that fits into the page cache well
  /// @param large one that is read cold
  CostTurns(Engine engine, DataFile cached, DataFile large) {
    this.engine = engine;
    this.cached = cached;
    this.large = large;
  }

  private interface Sample {
    double get() throws IOException;
  }

  void run() throws IOException {
    CostFactors now = CostFactors.FIRST;
    cached.warm();
    double syscall = median(ROUNDS, this::callNanos);
    print("syscall", "ns", syscall, now.syscall());
    double copy = median(ROUNDS, () -> scanNanos(Route.PREAD_NOWAIT, now.cachedWindow()));
    double touch = median(ROUNDS, () -> scanNanos(Route.MAPPED, now.cachedWindow()));
    // What looking itself takes, and the calls, are not in the rates.
    double rest = median(ROUNDS, this::lookNanos) + syscall * cached.bytes() / now.cachedWindow();
    print("copyRate", "bytes/us", 1000 * cached.bytes() / (copy - rest), now.copyRate());
    print("touchRate", "bytes/us", 1000 * cached.bytes() / (touch - rest), now.touchRate());
    double onCaller = median(ROUNDS, () -> randomNanos(cached, Route.PREAD_NOWAIT, READS));
    double handedOff = median(ROUNDS, () -> randomNanos(cached, Route.RING, READS));
    double handOff = handedOff - onCaller;
    print("handOff", "ns", handOff, now.handOff());
    print("miss", "ns", median(1, this::missNanos), now.miss());
    double direct = median(ROUNDS, () -> randomNanos(large, Route.DIRECT, COLD_READS));
    print("deviceLatency", "ns", direct - handOff, now.deviceLatency());
    double device =
        median(
            3,
            () -> {
              DataFile.dropAll();
              return scanNanos(large, Route.RING, 0);
            });
    print("deviceRate", "bytes/us", 1000 * large.bytes() / device, now.deviceRate());
    for (long window = 64 << 10; window <= 4 << 20; window *= 2) {
      long size = window;
      double nanos = median(ROUNDS, () -> scanNanos(Route.PREAD_NOWAIT, size));
      System.out.printf(
          Locale.ROOT,
          "  cached, windows of %4d KiB: %,.0f bytes/us%n",
          size >> 10,
          1000 * cached.bytes() / nanos);
    }
  }

  private static void print(String factor, String unit, double measured, long builtIn) {
    System.out.printf(
        Locale.ROOT, "%-14s %,10.0f %s (built in: %,d)%n", factor, measured, unit, builtIn);
  }

  private static double median(int rounds, Sample sample) throws IOException {
    sample.get();
    double[] all = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      all[i] = sample.get();
    }
    Arrays.sort(all);
    return all[rounds / 2];
  }

  /// A read of one byte that is cached: next to nothing but the call.
  private double callNanos() throws IOException {
    Operation op = new Operation();
    FileHandle file = engine.open(cached.path(), OpenFlag.READ, 0);
    try (IoBuffer buffer = engine.pool().acquire(PAGE)) {
      long start = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        op.read(file, buffer, 0, 1, 0);
        if (!engine.tryNow(op)) {
          throw new IOException("not cached: " + cached.path());
        }
      }
      return (double) (System.nanoTime() - start) / CALLS;
    } finally {
      engine.close(file);
    }
  }

  /// A try for what is not cached, apart from each other, so that none is read ahead.
  private double missNanos() throws IOException {
    DataFile.dropAll();
    Operation op = new Operation();
    FileHandle file = engine.open(large.path(), OpenFlag.READ, 0);
    try (IoBuffer buffer = engine.pool().acquire(PAGE)) {
      SplittableRandom random = new SplittableRandom(1);
      long nanos = 0;
      int misses = 0;
      for (int i = 0; i < COLD_READS; i++) {
        op.read(file, buffer, 0, PAGE, random.nextLong(large.bytes() / PAGE) * PAGE);
        long start = System.nanoTime();
        if (!engine.tryNow(op)) {
          nanos += System.nanoTime() - start;
          misses++;
        }
      }
      return (double) nanos / misses;
    } finally {
      engine.close(file);
    }
  }

  private double scanNanos(Route route, long window) throws IOException {
    return scanNanos(cached, route, window);
  }

  private static ReaderOptions by(Route route) {
    ReaderOptions options = ReaderOptions.defaults();
    return (route == Route.MAPPED ? options.allowMapped() : options).withRoute(route);
  }

  /// As many bytes as the file has, in one buffer of a window's size.
  private double lookNanos() throws IOException {
    long window = CostFactors.FIRST.cachedWindow();
    try (IoBuffer buffer = engine.pool().acquire(window)) {
      long sum = 0;
      long start = System.nanoTime();
      for (long at = 0; at < cached.bytes(); at += window) {
        sum += RouteTurns.look(buffer.segment());
      }
      RouteTurns.use(sum);
      return System.nanoTime() - start;
    }
  }

  /// In order, each window looked at.
  private double scanNanos(DataFile file, Route route, long window) throws IOException {
    ReaderOptions options = by(route).withHint(AccessHint.SEQUENTIAL).withWindowSize(window);
    long sum = 0;
    long start = System.nanoTime();
    try (ManagedReader reader = ManagedReader.open(engine, file.path(), options)) {
      for (long at = 0; at < file.bytes(); at = reader.window().end()) {
        if (reader.await(at) != Readiness.READY) {
          throw new EOFException("ends at " + at);
        }
        sum += RouteTurns.look(reader.window().segment());
      }
    }
    RouteTurns.use(sum);
    return System.nanoTime() - start;
  }

  private double randomNanos(DataFile file, Route route, int reads) throws IOException {
    ReaderOptions options = by(route).withHint(AccessHint.RANDOM).withBounds(PAGE, 4 * PAGE);
    SplittableRandom random = new SplittableRandom(reads);
    try (ManagedReader reader =
        ManagedReader.open(engine, file.path(), options.withWindowSize(PAGE))) {
      long start = System.nanoTime();
      for (int i = 0; i < reads; i++) {
        long at = random.nextLong(file.bytes() / PAGE) * PAGE;
        if (reader.await(at) != Readiness.READY) {
          throw new EOFException("ends before " + at);
        }
      }
      return (double) (System.nanoTime() - start) / reads;
    }
  }
}
