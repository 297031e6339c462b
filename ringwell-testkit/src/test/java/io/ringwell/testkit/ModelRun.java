package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Random operations on a file, against an array of bytes that should be the same.
///
/// Phases alternate: threads work side by side, each in a part of the file of its own
/// ([ModelThread]); then one thread changes the size, syncs, reopens or compares all. The parts lie
/// around 4 GiB in every other run, so that offsets cross it.
final class ModelRun {
  static final int PART = 256 << 10;
  static final int BLOCK = 4096;

  private static final int MOST_THREADS = 8;
  private static final int OPERATIONS_A_PHASE = 50;

  final Engine engine;
  final boolean direct;
  final long base;
  final byte[] model;
  FileHandle file;

  /// The size of the file behind [#base], exact between phases.
  long size;

  private final Path path;
  private final SplittableRandom random;
  private final int threads;
  private long operations;

  ModelRun(Engine engine, Path path, boolean direct, long seed) throws IOException {
    this.engine = engine;
    this.path = path;
    this.direct = direct;
    random = new SplittableRandom(seed);
    threads = random.nextInt(1, MOST_THREADS + 1);
    model = new byte[threads * PART];
    base = random.nextBoolean() ? 0 : (1L << 32) - (model.length / 2 & -BLOCK);
    file = engine.open(path, flags() | OpenFlag.CREATE | OpenFlag.TRUNCATE, 0644);
    // From here on, what lies behind the base is at least no bytes long.
    ContractCase.run(engine, new Operation().truncate(file, base));
  }

  private int flags() {
    return OpenFlag.READ | OpenFlag.WRITE | (direct ? OpenFlag.DIRECT : 0);
  }

  /// Runs until `count` operations are done or the time is `end`.
  ///
  /// @return how many were
  long run(long count, long end) throws Exception {
    try (ExecutorService executor =
        random.nextBoolean()
            ? Executors.newVirtualThreadPerTaskExecutor()
            : Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      while (operations < count && end - System.nanoTime() > 0) {
        workSideBySide(executor);
        changeAlone();
      }
    }
    compareAll();
    engine.close(file);
    return operations;
  }

  private void workSideBySide(ExecutorService executor) throws Exception {
    List<Future<Long>> ends = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      ModelThread one = new ModelThread(this, i * PART, random.split());
      ends.add(executor.submit(() -> one.run(OPERATIONS_A_PHASE)));
    }
    for (Future<Long> each : ends) {
      try {
        size = Math.max(size, each.get());
      } catch (ExecutionException e) {
        throw new AssertionError("a thread of the model fails: " + e.getCause(), e.getCause());
      }
      operations += OPERATIONS_A_PHASE;
    }
  }

  private void changeAlone() throws IOException {
    operations++;
    switch (random.nextInt(5)) {
      case 0, 1 -> truncate();
      case 2 -> ContractCase.run(engine, new Operation().fdatasync(file));
      case 3 -> {
        engine.close(file);
        file = engine.open(path, flags(), 0);
      }
      default -> compareAll();
    }
  }

  private void truncate() throws IOException {
    long to = random.nextLong(model.length + 1);
    if (random.nextBoolean()) {
      to &= -BLOCK;
    }
    ContractCase.run(engine, new Operation().truncate(file, base + to));
    if (to < size) {
      Arrays.fill(model, (int) to, (int) size, (byte) 0);
    }
    size = to;
  }

  private void compareAll() throws IOException {
    int length = model.length + BLOCK;
    try (IoBuffer into = engine.pool().acquire(length)) {
      long read = ContractCase.run(engine, new Operation().read(file, into, 0, length, base));
      assertThat(read).as("size behind %d", base).isEqualTo(size);
      assertThat(ContractCase.content(into, read)).isEqualTo(Arrays.copyOf(model, (int) read));
    }
  }
}
