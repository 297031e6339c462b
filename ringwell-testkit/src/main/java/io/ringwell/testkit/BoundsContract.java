package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineInfo;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import io.ringwell.engine.Priority;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Queues that are full.
interface BoundsContract extends ContractCase {
  private static EngineOptions tiny() {
    return EngineOptions.defaults().withQueueCapacity(2).withInFlight(1).withWorkers(1);
  }

  @Test
  default void fullQueueRefuses() throws IOException {
    Engine small = another(tiny());
    int length = 1 << 20;
    FileHandle file = small.open(path("full"), NEW_FILE, 0644);
    IoBuffer from = buffer(length);
    List<Operation> taken = new ArrayList<>();
    Operation refused = null;
    for (int i = 0; i < 1000 && refused == null; i++) {
      Operation op = new Operation().write(file, from, 0, length, 0);
      if (small.trySubmit(op)) {
        taken.add(op);
      } else {
        refused = op;
      }
    }
    assertThat(refused).as("one of 1000 at once is refused").isNotNull();
    assertThat(small.stats().refused()).isPositive();
    for (Operation op : taken) {
      assertThat(op.await()).isEqualTo(length);
    }
    assertThat(engine().pool().stats().lentBytes()).isZero();
    assertThat(ContractCase.run(small, refused)).isEqualTo(length);
  }

  @Test
  default void submittersParkUntilThereIsRoom() throws Exception {
    Engine small = another(tiny());
    FileHandle file = small.open(path("parked"), NEW_FILE, 0644);
    IoBuffer from = holding(ContractCase.pattern(1, 4096));
    int threads = thorough() ? 16 : 4;
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        long base = t * 50L * 4096;
        all.add(executor.submit(() -> submitMany(small, file, from, base)));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    assertThat(small.stats().waiting()).isZero();
  }

  private static Void submitMany(Engine engine, FileHandle file, IoBuffer from, long base)
      throws IOException {
    Operation[] ops = new Operation[50];
    for (int i = 0; i < ops.length; i++) {
      ops[i] = new Operation().write(file, from, 0, 4096, base + i * 4096L);
    }
    engine.submit(ops, 0, 25);
    for (int i = 25; i < ops.length; i++) {
      engine.submit(ops[i]);
    }
    for (Operation op : ops) {
      assertThat(op.await()).isEqualTo(4096);
    }
    return null;
  }

  @Test
  default void interruptedSubmitterKeepsItsOperation() throws Exception {
    Engine small = another(tiny());
    List<Operation> blockers = block(small);
    Operation op = interruptedWhileParked(small, blockers);
    assertThat(Thread.interrupted()).isFalse();
    assertThatThrownBy(op::await).isInstanceOf(IllegalStateException.class);
    for (Operation each : blockers) {
      small.cancel(each);
    }
    assertThat(ContractCase.run(small, op.nop())).isZero();
  }

  /// A faulty engine lets some in although the queue is full: those wait like the blockers.
  private static Operation interruptedWhileParked(Engine small, List<Operation> blockers) {
    while (blockers.size() < 10_000) {
      Operation op = new Operation().timeout(Duration.ofHours(1));
      Thread.currentThread().interrupt();
      try {
        small.submit(op);
        Thread.interrupted();
        blockers.add(op);
      } catch (InterruptedIOException e) {
        return op;
      }
    }
    throw new AssertionError("the queue has no bound");
  }

  @Test
  default void closingEngineSendsParkedSubmittersAway() throws Exception {
    Engine small = another(tiny());
    List<Operation> blockers = block(small);
    Operation op = new Operation().nop();
    FutureTask<Throwable> submitter =
        new FutureTask<>(() -> {
          try {
            small.submit(op);
            return null;
          } catch (IllegalStateException e) {
            return e;
          }
        });
    Thread.ofVirtual().start(submitter);
    run(new Operation().timeout(Duration.ofMillis(30)));
    Guarded.run("closing", Duration.ofSeconds(20), small::close);
    for (Operation each : blockers) {
      assertThat(each.isDone()).isTrue();
    }
    // Sent away, or let in while there was room again: then it is done.
    assertThat(submitter.get() != null || op.isDone()).isTrue();
  }

  /// Fills the queue with what does not end by itself. Workers cannot be held like that.
  private List<Operation> block(Engine small) throws IOException {
    assumeTrue(kind() == EngineInfo.Kind.URING, "a timeout holds no worker");
    List<Operation> blockers = new ArrayList<>();
    int before = -1;
    // The ring may still take some out of a queue that was full once.
    while (before != blockers.size()) {
      before = blockers.size();
      Operation op = new Operation().timeout(Duration.ofHours(1));
      while (small.trySubmit(op)) {
        blockers.add(op);
        assertThat(blockers).hasSizeLessThan(10_000);
        op = new Operation().timeout(Duration.ofHours(1));
      }
      run(new Operation().timeout(Duration.ofMillis(20)));
    }
    return blockers;
  }

  /// The one thread that carries operations out is held in a callback while others are submitted.
  @Test
  default void urgentOperationOvertakesWhatWaits() throws IOException {
    assumeTrue(thorough(), "an engine that delays or repeats keeps no order");
    Engine small = another(EngineOptions.defaults().withWorkers(1).withCallbacks(Runnable::run));
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Operation first = new Operation().nop();
    first
        .stage()
        .thenRun(() -> {
          held.countDown();
          awaitQuietly(go);
        });
    small.submit(first);
    awaitQuietly(held);
    CompletionQueue queue = new CompletionQueue();
    for (int i = 0; i < 10; i++) {
      small.submit(new Operation().nop().notifying(queue));
    }
    Operation urgent = new Operation().nop().priority(Priority.URGENT).notifying(queue);
    small.submit(urgent);
    go.countDown();
    assertThat(queue.take()).isSameAs(urgent);
    for (int i = 0; i < 10; i++) {
      assertThat(queue.take().errno()).isZero();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  default void moreInFlightThanTheRingHoldsIsCarriedOut() throws IOException {
    Engine small = another(EngineOptions.defaults().withInFlight(3).withBatch(2));
    Operation[] ops = new Operation[500];
    for (int i = 0; i < ops.length; i++) {
      ops[i] = new Operation().timeout(Duration.ofNanos(1000L * i));
    }
    small.submit(ops, 0, ops.length);
    for (Operation op : ops) {
      assertThat(op.await()).isZero();
    }
    // A worker counts itself out a moment after its operation is done.
    small.close();
    assertThat(small.stats().inFlight()).isZero();
  }
}
