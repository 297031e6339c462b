package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;

/// A deadline or an interrupt meets the completion that somebody waits for.
final class WaiterRaces {
  private final Engine engine;
  private final Path directory;
  private final FileHandle file;
  private final byte[] content;

  WaiterRaces(RaceGround ground) {
    this.engine = ground.engine;
    this.directory = ground.directory;
    this.file = ground.file;
    this.content = ground.content;
  }

  List<Race> all() {
    return List.of(
        new Race("deadline and timeout", this::deadlineAndTimeout),
        new Race("deadline and read", this::deadlineAndRead),
        new Race("interrupt of a reader", this::interruptReader),
        new Race("interrupt of an opener", this::interruptOpener),
        new Race("interrupt of submitters", this::interruptSubmitters));
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
      assertThat(queue.take().errno()).isIn(0, ContractCase.ETIME);
    }
    assertThat(queue.poll()).isNull();
  }

  private void deadlineAndRead(SplittableRandom random) throws Exception {
    CompletionQueue queue = new CompletionQueue();
    IoBuffer buffer = engine.pool().acquire(RaceGround.FILE_BYTES);
    Operation op = new Operation().read(file, buffer, 0, RaceGround.FILE_BYTES, 0).notifying(queue);
    engine.submit(op.deadline(System.nanoTime() + random.nextInt(100_000)));
    // The pool gets its memory back when the operation does, not before.
    buffer.close();
    assertThat(queue.take()).isSameAs(op);
    assertThat(op.errno()).isIn(0, ContractCase.ETIME);
  }

  private void interruptReader(SplittableRandom random) throws Exception {
    IoBuffer buffer = engine.pool().acquire(RaceGround.FILE_BYTES);
    Operation op = new Operation().read(file, buffer, 0, RaceGround.FILE_BYTES, 0);
    FutureTask<Void> reader =
        TwoSides.task(() -> {
          try {
            engine.submit(op);
          } catch (InterruptedIOException e) {
            op.nop();
            return;
          }
          try {
            assertThat(op.await()).isEqualTo(RaceGround.FILE_BYTES);
            assertThat(ContractCase.content(buffer, RaceGround.FILE_BYTES)).isEqualTo(content);
          } catch (InterruptedIOException e) {
            buffer.close();
            RaceGround.outcome(op, ContractCase.ECANCELED);
          } finally {
            Thread.interrupted();
          }
        });
    Thread thread = TwoSides.start(random, reader);
    TwoSides.pause(random);
    thread.interrupt();
    TwoSides.join(reader);
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
    Operation op = new Operation().open(path, ContractCase.NEW_FILE, 0644);
    FutureTask<Void> opener =
        TwoSides.task(() -> {
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
            RaceGround.outcome(op, ContractCase.ECANCELED);
          }
        });
    Thread thread = TwoSides.start(random, opener);
    TwoSides.pause(random);
    thread.interrupt();
    try {
      TwoSides.join(opener);
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
      FutureTask<Void> task = TwoSides.task(() -> submitMany(30));
      tasks.add(task);
      threads.add(TwoSides.start(random, task));
    }
    for (Thread each : threads) {
      TwoSides.pause(random);
      each.interrupt();
    }
    for (FutureTask<Void> each : tasks) {
      TwoSides.join(each);
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
}
