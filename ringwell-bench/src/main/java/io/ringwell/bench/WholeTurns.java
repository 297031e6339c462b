package io.ringwell.bench;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.window.WholeFiles;
import io.ringwell.window.WholeOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// 50,000 small files read whole: by [WholeFiles], and by `Files.readAllBytes` on virtual threads,
/// one for each file, and 256 that take one file after the other.
final class WholeTurns {
  private static final int VIRTUAL_THREADS = 256;

  /// Turns of a quarter of a second: the compilers are at work for the first five seconds.
  private static final int WARM_UP = 20;

  private final List<Path> paths;
  private final boolean cold;

  WholeTurns(List<Path> paths, boolean cold) {
    this.paths = paths;
    this.cold = cold;
  }

  void run() throws Exception {
    Contest contest = new Contest("files/s", cold ? 1 : WARM_UP);
    contest.add("readAllBytes, a virtual thread each", () -> timed(this::threadEach));
    contest.add("readAllBytes, 256 virtual threads", () -> timed(this::threads));
    EngineOptions options = EngineOptions.defaults();
    try (Engine one = Engine.open(options.withRings(1));
        Engine two = Engine.open(options.withRings(2))) {
      contest.add("readWhole, one ring", () -> timed(() -> whole(one)));
      contest.add("readWhole, two rings", () -> timed(() -> whole(two)));
      contest.run();
      System.out.printf(
          Locale.ROOT,
          "system calls a file: one ring %.2f, two rings %.2f; %s%n",
          callsPerFile(one),
          callsPerFile(two),
          one.info());
    }
  }

  private interface Body {
    long bytes() throws Exception;
  }

  private double timed(Body body) throws Exception {
    if (cold) {
      DataFile.dropAll();
    }
    long start = System.nanoTime();
    long bytes = body.bytes();
    double seconds = (System.nanoTime() - start) / 1e9;
    if (bytes < paths.size()) {
      throw new IllegalStateException("read only " + bytes + " bytes");
    }
    return paths.size() / seconds;
  }

  private double callsPerFile(Engine engine) throws IOException {
    long before = engine.stats().syscalls();
    whole(engine);
    return (double) (engine.stats().syscalls() - before) / paths.size();
  }

  private long whole(Engine engine) throws IOException {
    long[] bytes = new long[1];
    WholeFiles.read(
        engine, paths, WholeOptions.defaults(), (path, content) -> bytes[0] += content.size());
    return bytes[0];
  }

  private long threadEach() throws Exception {
    LongAdder bytes = new LongAdder();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> tasks = new ArrayList<>(paths.size());
      for (Path path : paths) {
        tasks.add(executor.submit(() -> bytes.add(read(path))));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
    }
    return bytes.sum();
  }

  private long threads() throws Exception {
    LongAdder bytes = new LongAdder();
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> tasks = new ArrayList<>();
      for (int i = 0; i < VIRTUAL_THREADS; i++) {
        tasks.add(
            executor.submit(() -> {
              for (int at = next.getAndIncrement();
                  at < paths.size();
                  at = next.getAndIncrement()) {
                bytes.add(read(paths.get(at)));
              }
            }));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
    }
    return bytes.sum();
  }

  private static int read(Path path) {
    try {
      return Files.readAllBytes(path).length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
