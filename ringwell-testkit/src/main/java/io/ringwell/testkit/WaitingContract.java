package io.ringwell.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.CompletionListener;
import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineInfo;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Park, stage, poll, and interrupts.
interface WaitingContract extends ContractCase {
  @Test
  default void eachCompletionIsToldOnce() throws IOException {
    FileHandle file = create("queue");
    CompletionQueue queue = new CompletionQueue();
    assertThat(queue.poll()).isNull();
    IoBuffer buffer = buffer(100);
    Set<Operation> expected = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < 200; i++) {
      Operation op = new Operation().write(file, buffer, 0, 100, i * 100L).notifying(queue);
      expected.add(op);
      engine().submit(op);
    }
    while (!expected.isEmpty()) {
      Operation done = queue.take();
      assertThat(expected.remove(done)).as("%s told once", done).isTrue();
      assertThat(done.result()).isEqualTo(100);
    }
    assertThat(queue.poll()).isNull();
  }

  /// Who waits takes nothing: another takes, with a lock that both use.
  @Test
  default void oneWaitsAtAQueueFromWhichOthersTake() throws Exception {
    CompletionQueue queue = new CompletionQueue();
    AtomicInteger taken = new AtomicInteger();
    ReentrantLock lock = new ReentrantLock();
    FutureTask<Void> waiter =
        new FutureTask<>(() -> {
          while (taken.get() < 100) {
            queue.awaitArrival();
            takeAll(queue, lock, taken);
          }
          return null;
        });
    Thread thread = Thread.ofVirtual().start(waiter);
    for (int i = 0; i < 100; i++) {
      engine().submit(new Operation().nop().notifying(queue));
      if (i % 3 == 0) {
        takeAll(queue, lock, taken);
      }
    }
    while (taken.get() < 100) {
      takeAll(queue, lock, taken);
    }
    // It may wait for one that was taken already.
    LockSupport.unpark(thread);
    waiter.get();
    assertThat(taken).hasValue(100);
    FutureTask<Void> interrupted =
        new FutureTask<>(() -> {
          queue.awaitArrival();
          return null;
        });
    Thread.ofVirtual().start(interrupted).interrupt();
    assertThatThrownBy(interrupted::get).hasCauseInstanceOf(InterruptedIOException.class);
  }

  private static void takeAll(CompletionQueue queue, ReentrantLock lock, AtomicInteger taken) {
    lock.lock();
    try {
      while (queue.poll() != null) {
        taken.incrementAndGet();
      }
    } finally {
      lock.unlock();
    }
  }

  @Test
  default void operationOfAQueueIsDoneWhenItIsTaken() throws IOException {
    CompletionQueue queue = new CompletionQueue();
    Operation op = new Operation().nop().notifying(queue);
    engine().submit(op);
    assertThat(queue.take()).isSameAs(op);
    assertThat(op.isDone()).isTrue();
    assertThat(op.await()).isZero();
  }

  @Test
  default void stageIsCompletedWithTheOperation() throws Exception {
    FileHandle file = create("stage");
    Operation op = new Operation().write(file, buffer(100), 0, 100, 0);
    CompletableFuture<String> thread = new CompletableFuture<>();
    CompletionStage<Operation> stage = op.stage();
    stage.whenComplete((done, failure) -> thread.complete(Thread.currentThread().getName()));
    engine().submit(op);
    assertThat(stage.toCompletableFuture().get(20, TimeUnit.SECONDS)).isSameAs(op);
    assertThat(op.result()).isEqualTo(100);
    assertThat(thread.get(20, TimeUnit.SECONDS)).doesNotStartWith("ringwell-ring");
  }

  @Test
  default void failedStageIsCompletedWithTheFailure() {
    Operation op = new Operation().open(path("none"), READ, 0);
    CompletableFuture<Operation> stage = op.stage().toCompletableFuture();
    assertThatThrownBy(
            () -> {
              engine().submit(op);
              stage.get(20, TimeUnit.SECONDS);
            })
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.errno()).isEqualTo(ENOENT));
  }

  @Test
  default void refusingExecutorLosesNoCompletion() throws Exception {
    var refusing = Executors.newSingleThreadExecutor();
    refusing.shutdown();
    Engine other = another(EngineOptions.defaults().withCallbacks(refusing).withWorkers(1));
    for (int i = 0; i < 3; i++) {
      Operation op = new Operation().nop();
      CompletionStage<Operation> stage = op.stage();
      other.submit(op);
      assertThat(stage.toCompletableFuture().get(20, TimeUnit.SECONDS)).isSameAs(op);
      op.await();
    }
    FileHandle file = other.open(path("refusing"), NEW_FILE, 0644);
    other.close(file);
  }

  /// The thread that tells of a completion makes the room that it would wait for.
  @Test
  default void listenerThatFillsTheQueueIsRefusedAndDoesNotWait() throws Exception {
    Engine other =
        another(EngineOptions.defaults().withQueueCapacity(2).withInFlight(1).withWorkers(1));
    List<Operation> accepted = new ArrayList<>();
    CompletableFuture<@Nullable Operation> refused = new CompletableFuture<>();
    CompletionListener submitAll =
        done -> {
          Operation next = new Operation();
          try {
            for (int i = 0; i < 100; i++) {
              next = new Operation().nop();
              other.submit(next);
              accepted.add(next);
            }
            refused.complete(null);
          } catch (RejectedExecutionException e) {
            assertThat(e).hasMessageContaining("trySubmit");
            refused.complete(next);
          } catch (IOException | RuntimeException | Error e) {
            refused.completeExceptionally(e);
          }
        };
    other.submit(new Operation().nop().listener(submitAll));
    // None was: two rings, or a thread of somebody else that told of it and could wait.
    Operation left = refused.get(20, TimeUnit.SECONDS);
    for (Operation each : accepted) {
      each.await();
    }
    if (left != null) {
      ContractCase.run(other, left);
    }
  }

  @Test
  default void virtualThreadsWaitSideBySide() throws Exception {
    FileHandle file = create("virtual");
    byte[] content = ContractCase.pattern(1, 1 << 20);
    put(file, content, 0);
    int threads = thorough() ? 300 : 50;
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int seed = t;
        all.add(executor.submit(() -> readAtRandom(file, content, seed)));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  private Void readAtRandom(FileHandle file, byte[] content, int seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    try (IoBuffer into = engine().pool().acquire(4096)) {
      Operation op = new Operation();
      for (int i = 0; i < 10; i++) {
        int at = random.nextInt(content.length - 4096);
        assertThat(run(op.read(file, into, 0, 4096, at))).isEqualTo(4096);
        assertThat(ContractCase.content(into, 4096))
            .isEqualTo(Arrays.copyOfRange(content, at, at + 4096));
      }
    }
    return null;
  }

  @Test
  default void interruptedWaiterLeavesFileOpenAndBufferLent() throws Exception {
    interruptAReader(false);
    interruptAReader(true);
  }

  private void interruptAReader(boolean virtual) throws Exception {
    FileHandle pipe = openPipe("pipe" + virtual);
    IoBuffer buffer = engine().pool().acquire(100);
    Operation op = new Operation().read(pipe, buffer, 0, 100, 0);
    FutureTask<Throwable> waiter =
        new FutureTask<>(() -> {
          try {
            run(op);
            return new AssertionError("was not interrupted");
          } catch (InterruptedIOException e) {
            return e;
          }
        });
    Thread thread = virtual ? Thread.ofVirtual().start(waiter) : Thread.ofPlatform().start(waiter);
    // Parked or not: the interrupt is noticed by the wait.
    run(new Operation().timeout(Duration.ofMillis(5)));
    thread.interrupt();
    assertThat(waiter.get()).isInstanceOf(InterruptedIOException.class);
    buffer.close();
    // Whoever of the two gets them, the bytes end the read.
    IoBuffer five = holding("hello".getBytes(UTF_8));
    assertThat(run(new Operation().write(pipe, five, 0, 5, 0))).isEqualTo(5);
    boolean cancelled = false;
    try {
      assertThat(op.await()).isEqualTo(5);
    } catch (OperationException e) {
      assertThat(e.errno()).isEqualTo(ECANCELED);
      cancelled = true;
    }
    assertThat(engine().pool().stats().lentBytes()).isZero();
    if (!cancelled) {
      run(new Operation().write(pipe, five, 0, 5, 0));
    }
    assertThat(run(new Operation().read(pipe, five, 0, 5, 0))).isEqualTo(5);
    assertThat(ContractCase.content(five, 5)).isEqualTo("hello".getBytes(UTF_8));
  }

  @Test
  default void interruptDoesNotCloseTheFile() throws Exception {
    FileHandle file = create("interrupted");
    int length = 4 << 20;
    byte[] content = ContractCase.pattern(2, length);
    IoBuffer from = holding(content);
    int interrupts = 0;
    // Where all have completed before they are waited for, the next round is to be faster.
    for (int round = 0; round < 50 && interrupts == 0; round++) {
      interrupts = interruptWaits(file, from, length);
    }
    assertThat(interrupts).isPositive();
    put(file, content, 0);
    assertThat(get(file, 0, length)).isEqualTo(content);
    if (kind() != EngineInfo.Kind.CHANNELS) {
      assertThat(file.descriptor()).isNotNegative();
    }
  }

  private int interruptWaits(FileHandle file, IoBuffer from, int length) throws IOException {
    int interrupts = 0;
    Operation[] ops = new Operation[8];
    for (int i = 0; i < ops.length; i++) {
      ops[i] = new Operation().write(file, from, 0, length, 0);
      engine().submit(ops[i]);
    }
    for (Operation op : ops) {
      Thread.currentThread().interrupt();
      try {
        op.await();
      } catch (InterruptedIOException e) {
        interrupts++;
      }
      Thread.interrupted();
    }
    for (Operation op : ops) {
      try {
        assertThat(op.await()).isEqualTo(length);
      } catch (OperationException e) {
        assertThat(e.errno()).isEqualTo(ECANCELED);
      }
    }
    return interrupts;
  }

  @Test
  default void secondWaiterIsRefused() throws Exception {
    Operation op = new Operation().timeout(Duration.ofHours(1));
    engine().submit(op);
    CompletableFuture<Integer> first = new CompletableFuture<>();
    Thread waiter =
        Thread.ofVirtual()
            .start(() -> {
              try {
                op.await();
              } catch (IOException e) {
                first.complete(op.errno());
              }
            });
    // Until the first waits, the second would be the first.
    while (waiter.isAlive() && waiter.getState() != Thread.State.WAITING) {
      Thread.yield();
    }
    assertThatThrownBy(op::await).isInstanceOf(IllegalStateException.class);
    engine().cancel(op);
    assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(ECANCELED);
  }
}
