package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.engine.SocketHandle;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a ring costs when all is warm: no allocation for an operation, and nothing at all while it
/// has nothing to do.
final class SteadyStateTest {
  private static final int DEPTH = 32;
  private static final int BLOCK = 4096;
  private static final int FILE_BLOCKS = 256;
  private static final int WARM_UP = 30_000;
  private static final int MEASURED = 20_000;

  /// Of a measurement, in bytes: the allocation of a few timer ticks or safepoints, far less than a
  /// word for each operation.
  private static final long NOISE_BYTES = 4096;

  /// How long the JVM may take to settle.
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Engine engine;
  private Path directory;
  private FileHandle file;
  private IoBuffer buffer;
  private long ringThread;

  @BeforeEach
  void openEngine() throws IOException {
    directory = TestFiles.newDirectory("steady");
    engine = Engines.uring(EngineOptions.defaults().withInFlight(64));
    ringThread = newestThreadNamed("ringwell-ring-0");
    int flags = OpenFlag.READ | OpenFlag.WRITE | OpenFlag.CREATE;
    file = engine.open(directory.resolve("file"), flags, 0644);
    buffer = engine.pool().acquire((long) FILE_BLOCKS * BLOCK);
    ContractCase.run(engine, new Operation().write(file, buffer, 0, (long) FILE_BLOCKS * BLOCK, 0));
  }

  @AfterEach
  void closeEngine() throws IOException {
    buffer.close();
    engine.close();
    TestFiles.delete(directory);
  }

  private static long newestThreadNamed(String name) {
    long newest = -1;
    for (long id : THREADS.getAllThreadIds()) {
      var info = THREADS.getThreadInfo(id);
      if (info != null && info.getThreadName().equals(name)) {
        newest = Math.max(newest, id);
      }
    }
    assertThat(newest).as(name).isPositive();
    return newest;
  }

  @Test
  void polledReadsAllocateNothing() throws IOException {
    Operation[] slots = slots();
    CompletionQueue queue = new CompletionQueue();
    readThroughTheRing(slots, queue, WARM_UP);
    expectNoAllocation(() -> readThroughTheRing(slots, queue, MEASURED));
  }

  @Test
  void cachedReadsAllocateNothing() throws IOException {
    Operation op = new Operation();
    int hits = readOnThisThread(op, WARM_UP);
    assumeTrue(hits == WARM_UP, "this file system reads nothing without waiting");
    expectNoAllocation(() -> assertThat(readOnThisThread(op, MEASURED)).isEqualTo(MEASURED));
  }

  @Test
  void parkedReadsAllocateNothing() throws IOException {
    Operation op = new Operation();
    readAndPark(op, WARM_UP);
    expectNoAllocation(() -> readAndPark(op, MEASURED));
  }

  @Test
  void sendsAndReceivesAllocateNothing() throws IOException {
    SocketHandle listener = opened(new Operation().listen(SocketCase.loopback(), 1));
    Operation accept = new Operation().accept(listener);
    engine.submit(accept);
    SocketHandle here = opened(new Operation().connect(listener.localAddress()));
    accept.await();
    SocketHandle there = accept.openedSocket();
    Operation op = new Operation();
    assertThat(sendAndReceive(op, here, there, WARM_UP)).isEqualTo(WARM_UP);
    expectNoAllocation(() -> sendAndReceive(op, here, there, MEASURED));
  }

  private SocketHandle opened(Operation op) throws IOException {
    engine.submit(op);
    op.await();
    return op.openedSocket();
  }

  /// @return how many were sent on this thread
  private int sendAndReceive(Operation op, SocketHandle from, SocketHandle to, int count)
      throws IOException {
    int hits = 0;
    for (int i = 0; i < count; i++) {
      if (engine.tryNow(op.send(from, buffer, 0, 64))) {
        hits++;
      } else {
        engine.submit(op);
        op.await();
      }
      engine.submit(op.receive(to, buffer, BLOCK, 64));
      op.await();
    }
    return hits;
  }

  private interface Work {
    void run() throws IOException;
  }

  /// One round has to be without: what the JVM itself does on a thread, such as compiling or
  /// handing out its memory, is no operation's. On a busy machine that takes a while.
  private void expectNoAllocation(Work work) throws IOException {
    long mine = Long.MAX_VALUE;
    long rings = Long.MAX_VALUE;
    long self = Thread.currentThread().threadId();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while ((mine > NOISE_BYTES || rings > NOISE_BYTES) && System.nanoTime() < end) {
      long mineBefore = THREADS.getThreadAllocatedBytes(self);
      long ringsBefore = THREADS.getThreadAllocatedBytes(ringThread);
      work.run();
      mine = THREADS.getThreadAllocatedBytes(self) - mineBefore;
      rings = THREADS.getThreadAllocatedBytes(ringThread) - ringsBefore;
    }
    assertThat(mine)
        .as("bytes on this thread for %d operations", MEASURED)
        .isLessThanOrEqualTo(NOISE_BYTES);
    assertThat(rings)
        .as("bytes on the ring's thread for %d operations", MEASURED)
        .isLessThanOrEqualTo(NOISE_BYTES);
  }

  private static Operation[] slots() {
    Operation[] slots = new Operation[DEPTH];
    for (int i = 0; i < DEPTH; i++) {
      slots[i] = new Operation();
    }
    return slots;
  }

  /// Waits by polling alone: [CompletionQueue#take] may park, which is measured elsewhere.
  private void readThroughTheRing(Operation[] slots, CompletionQueue queue, int count)
      throws IOException {
    for (int done = 0; done < count; done += DEPTH) {
      for (int i = 0; i < DEPTH; i++) {
        int block = (done * 7 + i * 13) % FILE_BLOCKS;
        slots[i].read(file, buffer, (long) i * BLOCK, BLOCK, (long) block * BLOCK).notifying(queue);
      }
      engine.submit(slots, 0, DEPTH);
      for (int i = 0; i < DEPTH; ) {
        Operation op = queue.poll();
        if (op == null) {
          Thread.onSpinWait();
        } else {
          if (op.errno() != 0 || op.transferred() != BLOCK) {
            throw new AssertionError(op.toString());
          }
          i++;
        }
      }
    }
  }

  private int readOnThisThread(Operation op, int count) {
    int hits = 0;
    for (int i = 0; i < count; i++) {
      op.read(file, buffer, 0, BLOCK, (long) (i % FILE_BLOCKS) * BLOCK);
      hits += engine.tryNow(op) ? 1 : 0;
    }
    return hits;
  }

  private void readAndPark(Operation op, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      engine.submit(op.read(file, buffer, 0, BLOCK, (long) (i % FILE_BLOCKS) * BLOCK));
      op.await();
    }
  }

  @Test
  void idleEngineCostsNothing() throws Exception {
    Operation[] slots = slots();
    readThroughTheRing(slots, new CompletionQueue(), 1000);
    assertThat(ringMillisDuring(Duration.ofSeconds(2))).isLessThan(5);
  }

  @Test
  void engineThatWaitsForTimeoutsCostsNothing() throws Exception {
    Operation timeout = new Operation().timeout(Duration.ofHours(1));
    engine.submit(timeout);
    assertThat(ringMillisDuring(Duration.ofSeconds(1))).isLessThan(5);
    engine.cancel(timeout);
  }

  /// What waits in the queue cannot be started, so looking at it again and again is of no use.
  @Test
  void engineAtItsLimitCostsNothing() throws Exception {
    Engine full = Engines.uring(EngineOptions.defaults().withInFlight(1));
    long thread = newestThreadNamed("ringwell-ring-0");
    full.submit(new Operation().timeout(Duration.ofHours(1)));
    Operation waiting = new Operation().nop();
    full.submit(waiting);
    assertThat(millisDuring(thread, Duration.ofSeconds(1))).isLessThan(5);
    assertThat(waiting.isDone()).isFalse();
    full.close();
    assertThat(waiting.isDone()).isTrue();
  }

  private long ringMillisDuring(Duration time) throws InterruptedException {
    return millisDuring(ringThread, time);
  }

  private static long millisDuring(long thread, Duration time) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    // The work before has to be over: a moment for the last spin.
    never.await(50, TimeUnit.MILLISECONDS);
    long before = THREADS.getThreadCpuTime(thread);
    never.await(time.toMillis(), TimeUnit.MILLISECONDS);
    return TimeUnit.NANOSECONDS.toMillis(THREADS.getThreadCpuTime(thread) - before);
  }
}
