package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/// A file, a buffer or an engine is closed while operations use it.
final class CloseRaces {
  private final Engine engine;
  private final Engines kind;
  private final Path directory;
  private final FileHandle file;
  private final byte[] content;
  private final AtomicInteger names = new AtomicInteger();

  CloseRaces(RaceGround ground) {
    this.engine = ground.engine;
    this.kind = ground.kind;
    this.directory = ground.directory;
    this.file = ground.file;
    this.content = ground.content;
  }

  List<Race> all() {
    return List.of(
        new Race("close of a file", this::closeFile),
        new Race("close of buffers", this::closeBuffers),
        new Race("close of a buffer and cached reads", this::closeBufferOfCachedReads),
        new Race("close of an engine", this::closeEngine));
  }

  private void closeFile(SplittableRandom random) throws Exception {
    Path path = directory.resolve("closed" + names.getAndIncrement() % 4);
    FileHandle closed = engine.open(path, ContractCase.NEW_FILE, 0644);
    List<FutureTask<Void>> tasks = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      SplittableRandom theirs = random.split();
      FutureTask<Void> task = TwoSides.task(() -> useUntilClosed(closed, theirs));
      tasks.add(task);
      TwoSides.start(random, task);
    }
    TwoSides.pause(random);
    engine.close(closed);
    for (FutureTask<Void> each : tasks) {
      TwoSides.join(each);
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
      TwoSides.pause(random);
      for (byte each : ContractCase.content(next, 16 << 10)) {
        assertThat(each).isEqualTo((byte) 7);
      }
      next.close();
    }
    for (Operation op : ops) {
      RaceGround.outcome(op, ContractCase.ECANCELED);
    }
  }

  private void closeBufferOfCachedReads(SplittableRandom random) throws Exception {
    IoBuffer buffer = engine.pool().acquire(64 << 10);
    FutureTask<Void> reader =
        TwoSides.task(() -> {
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
    TwoSides.start(random, reader);
    TwoSides.pause(random);
    buffer.close();
    IoBuffer next = engine.pool().acquire(64 << 10);
    next.segment().fill((byte) 7);
    TwoSides.join(reader);
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
    FileHandle theirFile = closed.open(directory.resolve("engine"), ContractCase.NEW_FILE, 0644);
    List<FutureTask<Void>> tasks = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      SplittableRandom theirs = random.split();
      FutureTask<Void> task = TwoSides.task(() -> useUntilGone(closed, theirFile, theirs));
      tasks.add(task);
      TwoSides.start(random, task);
    }
    TwoSides.pause(random);
    closed.close();
    for (FutureTask<Void> each : tasks) {
      TwoSides.join(each);
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
      RaceGround.outcome(op, ContractCase.ECANCELED);
    }
  }
}
