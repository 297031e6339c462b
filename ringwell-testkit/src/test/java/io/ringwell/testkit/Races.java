package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/// The races of [RaceTest], each on an engine that goes on living.
final class Races {
  private static final int ECANCELED = 125;
  private static final int ETIME = 62;
  private static final int ENOENT = 2;
  private static final int NEW_FILE =
      OpenFlag.READ | OpenFlag.WRITE | OpenFlag.CREATE | OpenFlag.TRUNCATE;
  private static final int FILE_BYTES = 256 << 10;

  private final Engine engine;
  private final Engines kind;
  private final Path directory;
  private final FileHandle file;
  private final byte[] content = ContractCase.pattern(1, FILE_BYTES);
  private final AtomicInteger names = new AtomicInteger();
  private final List<Race> all =
      List.of(
          new Race("cancel of a timeout", this::cancelTimeout),
          new Race("cancel of transfers", this::cancelTransfers),
          new Race("cancel in a chain", this::cancelInAChain),
          new Race("cancel of reads of files", this::cancelReadsOfFiles),
          new Race("deadline and timeout", this::deadlineAndTimeout),
          new Race("deadline and read", this::deadlineAndRead),
          new Race("interrupt of a reader", this::interruptReader),
          new Race("interrupt of an opener", this::interruptOpener),
          new Race("interrupt of submitters", this::interruptSubmitters),
          new Race("close of a file", this::closeFile),
          new Race("close of buffers", this::closeBuffers),
          new Race("close of a buffer and cached reads", this::closeBufferOfCachedReads),
          new Race("close of an engine", this::closeEngine));

  Races(Engine engine, Engines kind, Path directory) throws IOException {
    this.engine = engine;
    this.kind = kind;
    this.directory = directory;
    file = engine.open(directory.resolve("file"), NEW_FILE, 0644);
    try (IoBuffer from = engine.pool().acquire(FILE_BYTES)) {
      ContractCase.fill(from, content);
      ContractCase.run(engine, new Operation().write(file, from, 0, FILE_BYTES, 0));
    }
  }

  Race any(SplittableRandom random) {
    return all.get(random.nextInt(all.size()));
  }

  /// Lets up to some ten microseconds pass, so that the two sides meet everywhere.
  private static void wait(SplittableRandom random) {
    long end = System.nanoTime() + random.nextInt(60_000);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private static Thread other(SplittableRandom random, FutureTask<?> task) {
    return random.nextBoolean() ? Thread.ofVirtual().start(task) : Thread.ofPlatform().start(task);
  }

  private static void join(FutureTask<?> task) throws Exception {
    try {
      task.get();
    } catch (ExecutionException e) {
      throw new AssertionError(String.valueOf(e.getCause()), e.getCause());
    }
  }

  private static FutureTask<Void> task(Guarded.Body body) {
    return new FutureTask<>(() -> {
      body.run();
      return null;
    });
  }

  /// The error number of a completed operation, after waiting for it by whatever it takes.
  private static int outcome(Operation op, int... allowed) throws IOException {
    try {
      op.await();
    } catch (OperationException e) {
      assertThat(e.errno()).as(e.getMessage()).isIn(Arrays.stream(allowed).boxed().toArray());
      return e.errno();
    }
    return 0;
  }

  private void cancelTimeout(SplittableRandom random) throws Exception {
    Operation op = new Operation().timeout(Duration.ofNanos(random.nextInt(100_000)));
    engine.submit(op);
    SplittableRandom theirs = random.split();
    FutureTask<Void> canceller =
        task(() -> {
          wait(theirs);
          engine.cancel(op);
        });
    other(random, canceller);
    outcome(op, ECANCELED);
    join(canceller);
  }

  /// Some of the files are not there, and some of the buffers are closed meanwhile.
  private void cancelReadsOfFiles(SplittableRandom random) throws Exception {
    Operation[] ops = new Operation[12];
    IoBuffer[] buffers = new IoBuffer[ops.length];
    for (int i = 0; i < ops.length; i++) {
      int room = random.nextInt(1, 4) * (128 << 10);
      buffers[i] = engine.pool().acquire(room);
      Path path = random.nextInt(4) == 0 ? directory.resolve("none") : file.path();
      ops[i] = new Operation().readFile(path, buffers[i], 0, room);
      engine.submit(ops[i]);
    }
    SplittableRandom theirs = random.split();
    FutureTask<Void> canceller =
        task(() -> {
          wait(theirs);
          for (Operation op : ops) {
            if (theirs.nextBoolean()) {
              engine.cancel(op);
            }
          }
        });
    other(random, canceller);
    for (int i = 0; i < ops.length; i++) {
      boolean kept = random.nextInt(3) != 0;
      if (!kept) {
        buffers[i].close();
      }
      int room = (int) buffers[i].capacity();
      if (outcome(ops[i], ECANCELED, ENOENT) == 0) {
        int expected = Math.min(room, FILE_BYTES);
        assertThat(ops[i].result()).isEqualTo(expected);
        if (kept) {
          assertThat(ContractCase.content(buffers[i], expected))
              .isEqualTo(Arrays.copyOf(content, expected));
        }
      }
      if (kept) {
        buffers[i].close();
      }
    }
    join(canceller);
  }

  private void cancelTransfers(SplittableRandom random) throws Exception {
    Operation[] ops = new Operation[8];
    IoBuffer[] buffers = new IoBuffer[ops.length];
    for (int i = 0; i < ops.length; i++) {
      buffers[i] = engine.pool().acquire(64 << 10);
      ops[i] = new Operation().read(file, buffers[i], 0, 64 << 10, i * 1000L);
      engine.submit(ops[i]);
    }
    SplittableRandom theirs = random.split();
    FutureTask<Void> canceller =
        task(() -> {
          wait(theirs);
          for (Operation op : ops) {
            engine.cancel(op);
          }
        });
    other(random, canceller);
    for (int i = 0; i < ops.length; i++) {
      if (outcome(ops[i], ECANCELED) == 0) {
        assertThat(ContractCase.content(buffers[i], 64 << 10))
            .isEqualTo(Arrays.copyOfRange(content, i * 1000, i * 1000 + (64 << 10)));
      }
    }
    join(canceller);
    for (IoBuffer buffer : buffers) {
      buffer.close();
    }
  }

  private void cancelInAChain(SplittableRandom random) throws Exception {
    IoBuffer buffer = engine.pool().acquire(4096);
    Operation[] chain = new Operation[random.nextInt(2, 7)];
    for (int i = 0; i < chain.length; i++) {
      chain[i] =
          switch (random.nextInt(4)) {
            case 0 -> new Operation().timeout(Duration.ofNanos(random.nextInt(50_000)));
            case 1 -> new Operation().read(file, buffer, 0, 4096, 0);
            case 2 -> new Operation().fdatasync(file);
            default -> new Operation().nop();
          };
      if (i > 0) {
        chain[i - 1].linkTo(chain[i]);
      }
    }
    engine.submit(chain[0]);
    Operation victim = chain[random.nextInt(chain.length)];
    SplittableRandom theirs = random.split();
    FutureTask<Void> canceller =
        task(() -> {
          wait(theirs);
          engine.cancel(victim);
        });
    other(random, canceller);
    boolean cancelled = false;
    for (Operation op : chain) {
      int errno = outcome(op, ECANCELED);
      assertThat(cancelled && errno == 0).as("%s after one that was cancelled", op).isFalse();
      cancelled |= errno != 0;
    }
    join(canceller);
    buffer.close();
  }

  private void deadlineAndTimeout(SplittableRandom random) throws Exception {
    CompletionQueue queue = new CompletionQueue();
    int count = random.nextInt(1, 6);
    for (int i = 0; i < count; i++) {
      engine.submit(
          new Operation()
              .timeout(Duration.ofNanos(random.nextInt(200_000)))
              .deadline(System.nanoTime() + random.nextInt(200_000))
              .notifying(queue));
    }
    for (int i = 0; i < count; i++) {
      assertThat(queue.take().errno()).isIn(0, ETIME);
    }
    assertThat(queue.poll()).isNull();
  }

  private void deadlineAndRead(SplittableRandom random) throws Exception {
    CompletionQueue queue = new CompletionQueue();
    IoBuffer buffer = engine.pool().acquire(FILE_BYTES);
    Operation op = new Operation().read(file, buffer, 0, FILE_BYTES, 0).notifying(queue);
    engine.submit(op.deadline(System.nanoTime() + random.nextInt(100_000)));
    // The pool gets its memory back when the operation does, not before.
    buffer.close();
    assertThat(queue.take()).isSameAs(op);
    assertThat(op.errno()).isIn(0, ETIME);
  }

  private void interruptReader(SplittableRandom random) throws Exception {
    IoBuffer buffer = engine.pool().acquire(FILE_BYTES);
    Operation op = new Operation().read(file, buffer, 0, FILE_BYTES, 0);
    FutureTask<Void> reader =
        task(() -> {
          try {
            engine.submit(op);
          } catch (InterruptedIOException e) {
            op.nop();
            return;
          }
          try {
            assertThat(op.await()).isEqualTo(FILE_BYTES);
            assertThat(ContractCase.content(buffer, FILE_BYTES)).isEqualTo(content);
          } catch (InterruptedIOException e) {
            buffer.close();
            outcome(op, ECANCELED);
          } finally {
            Thread.interrupted();
          }
        });
    Thread thread = other(random, reader);
    wait(random);
    thread.interrupt();
    join(reader);
    if (!buffer.isClosed()) {
      buffer.close();
    }
    IoBuffer again = engine.pool().acquire(100);
    assertThat(ContractCase.run(engine, new Operation().read(file, again, 0, 100, 0)))
        .isEqualTo(100);
    again.close();
  }

  private void interruptOpener(SplittableRandom random) throws Exception {
    Path path = directory.resolve("opened");
    Operation op = new Operation().open(path, NEW_FILE, 0644);
    FutureTask<Void> opener =
        task(() -> {
          try {
            engine.submit(op);
          } catch (InterruptedIOException e) {
            return;
          }
          try {
            op.await();
            Thread.interrupted();
            engine.close(op.openedFile());
          } catch (InterruptedIOException e) {
            // The file is nobody's, and is closed behind the scenes.
            outcome(op, ECANCELED);
          }
        });
    Thread thread = other(random, opener);
    wait(random);
    thread.interrupt();
    try {
      join(opener);
    } catch (AssertionError e) {
      // The interrupt came while the close was awaited: it goes on all the same.
      if (!(e.getCause() instanceof InterruptedIOException)) {
        throw e;
      }
    }
  }

  private void interruptSubmitters(SplittableRandom random) throws Exception {
    List<FutureTask<Void>> tasks = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      FutureTask<Void> task = task(() -> submitMany(30));
      tasks.add(task);
      threads.add(other(random, task));
    }
    for (Thread each : threads) {
      wait(random);
      each.interrupt();
    }
    for (FutureTask<Void> each : tasks) {
      join(each);
    }
  }

  private void submitMany(int count) throws IOException {
    CompletionQueue queue = new CompletionQueue();
    int accepted = 0;
    for (int i = 0; i < count; i++) {
      try {
        engine.submit(new Operation().nop().notifying(queue));
        accepted++;
      } catch (InterruptedIOException e) {
        // Not submitted.
      }
    }
    for (int i = 0; i < accepted; ) {
      try {
        assertThat(queue.take().errno()).isZero();
        i++;
      } catch (InterruptedIOException e) {
        // Operations go on; so does waiting for them.
      }
    }
  }

  private void closeFile(SplittableRandom random) throws Exception {
    Path path = directory.resolve("closed" + names.getAndIncrement() % 4);
    FileHandle closed = engine.open(path, NEW_FILE, 0644);
    List<FutureTask<Void>> tasks = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      SplittableRandom theirs = random.split();
      FutureTask<Void> task = task(() -> useUntilClosed(closed, theirs));
      tasks.add(task);
      other(random, task);
    }
    wait(random);
    engine.close(closed);
    for (FutureTask<Void> each : tasks) {
      join(each);
    }
  }

  /// What was taken is carried out, whatever the close does; what was not is refused.
  private void useUntilClosed(FileHandle closed, SplittableRandom random) throws IOException {
    try (IoBuffer buffer = engine.pool().acquire(8192)) {
      Operation[] ops = new Operation[20];
      int accepted = 0;
      try {
        for (; accepted < ops.length; accepted++) {
          Operation op = new Operation();
          ops[accepted] =
              switch (random.nextInt(4)) {
                case 0 -> op.read(closed, buffer, 0, 4096, 1 << 20);
                case 1 -> op.write(closed, buffer, 4096, 4096, accepted * 4096L);
                case 2 -> op.truncate(closed, 100_000);
                default -> op.fdatasync(closed);
              };
          if (!engine.tryNow(op)) {
            engine.submit(op);
          }
        }
      } catch (IllegalStateException e) {
        assertThat(e.getMessage()).contains("closed");
      }
      for (int i = 0; i < accepted; i++) {
        ops[i].await();
      }
    }
  }

  private void closeBuffers(SplittableRandom random) throws Exception {
    Operation[] ops = new Operation[6];
    for (int i = 0; i < ops.length; i++) {
      IoBuffer buffer = engine.pool().acquire(16 << 10);
      if (random.nextBoolean()) {
        ops[i] = new Operation().read(file, buffer, 0, 16 << 10, i * 4096L);
        engine.submit(ops[i]);
        buffer.close();
      } else {
        ContractCase.fill(buffer, Arrays.copyOfRange(content, i * 4096, i * 4096 + (16 << 10)));
        Bytes bytes = buffer.freeze();
        ops[i] = new Operation().write(file, bytes, 0, 16 << 10, i * 4096L);
        engine.submit(ops[i]);
        bytes.close();
      }
      if (random.nextBoolean()) {
        engine.cancel(ops[i]);
      }
      // Takes what was given back too early, and would see it change.
      IoBuffer next = engine.pool().acquire(16 << 10);
      next.segment().fill((byte) 7);
      wait(random);
      for (byte each : ContractCase.content(next, 16 << 10)) {
        assertThat(each).isEqualTo((byte) 7);
      }
      next.close();
    }
    for (Operation op : ops) {
      outcome(op, ECANCELED);
    }
  }

  private void closeBufferOfCachedReads(SplittableRandom random) throws Exception {
    IoBuffer buffer = engine.pool().acquire(64 << 10);
    FutureTask<Void> reader =
        task(() -> {
          Operation op = new Operation();
          try {
            for (int i = 0; i < 50; i++) {
              op.read(file, buffer, 0, 64 << 10, i * 100L);
              if (!engine.tryNow(op)) {
                engine.submit(op);
                op.await();
              }
            }
          } catch (IllegalStateException e) {
            assertThat(e.getMessage()).contains("closed");
          }
        });
    other(random, reader);
    wait(random);
    buffer.close();
    IoBuffer next = engine.pool().acquire(64 << 10);
    next.segment().fill((byte) 7);
    join(reader);
    for (byte each : ContractCase.content(next, 64 << 10)) {
      assertThat(each).isEqualTo((byte) 7);
    }
    next.close();
  }

  private void closeEngine(SplittableRandom random) throws Exception {
    EngineOptions options =
        EngineOptions.defaults()
            .withPoolBytes(4 << 20)
            .withQueueCapacity(4)
            .withInFlight(random.nextInt(1, 5))
            .withWorkers(2)
            .withRings(random.nextInt(1, 3));
    Engine opened = kind.open(options);
    Engine closed =
        random.nextBoolean()
            ? opened
            : new FaultEngine(opened, FaultPlan.benign(random.nextLong()));
    FileHandle theirFile = closed.open(directory.resolve("engine"), NEW_FILE, 0644);
    List<FutureTask<Void>> tasks = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      SplittableRandom theirs = random.split();
      FutureTask<Void> task = task(() -> useUntilGone(closed, theirFile, theirs));
      tasks.add(task);
      other(random, task);
    }
    wait(random);
    closed.close();
    for (FutureTask<Void> each : tasks) {
      join(each);
    }
    assertThat(closed.pool().stats().inUseBytes()).isZero();
    assertThat(closed.pool().stats().damaged()).isZero();
  }

  private static void useUntilGone(Engine engine, FileHandle file, SplittableRandom random)
      throws IOException {
    List<Operation> accepted = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        Operation op = new Operation();
        try (IoBuffer buffer = engine.pool().acquire(4096)) {
          op =
              switch (random.nextInt(7)) {
                case 0 -> op.timeout(Duration.ofHours(1));
                case 1 -> op.timeout(Duration.ofNanos(random.nextInt(100_000)));
                case 2 -> op.write(file, buffer, 0, 4096, 0);
                case 3 -> op.read(file, buffer, 0, 4096, 0);
                case 4 -> op.fdatasync(file);
                case 5 -> op.readFile(file.path(), buffer, 0, 4096);
                default -> op.open(file.path(), OpenFlag.READ, 0);
              };
          if (random.nextInt(4) == 0) {
            Operation behind = new Operation().timeout(Duration.ofHours(1));
            op.linkTo(behind);
            engine.submit(op);
            accepted.add(behind);
          } else {
            engine.submit(op);
          }
          accepted.add(op);
        }
        if (random.nextInt(3) == 0) {
          engine.cancel(op);
        }
      }
    } catch (IllegalStateException e) {
      assertThat(e.getMessage()).contains("closed");
    }
    for (Operation op : accepted) {
      // Those that are not cancelled would take an hour if the engine were not closed.
      outcome(op, ECANCELED);
    }
  }
}
