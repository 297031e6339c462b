package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Lives of operations, files, memory and engines.
interface LifeContract extends ContractCase {
  @Test
  default void operationInFlightIsItsEngines() throws IOException {
    FileHandle file = create("mine");
    IoBuffer buffer = buffer(10);
    Operation op = new Operation().timeout(Duration.ofHours(1));
    engine().submit(op);
    IoBuffer[] vectors = {buffer};
    assertThatThrownBy(op::nop).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> op.readv(file, vectors, 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(op::stage).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(op::result).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(op::errno).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> engine().submit(op)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> engine().trySubmit(op)).isInstanceOf(IllegalStateException.class);
    assertThat(op.isDone()).isFalse();
    engine().cancel(op);
    ContractCase.failed(ECANCELED, op);
  }

  @Test
  default void preparingInVainLeavesVectorsAlone() throws IOException {
    FileHandle file = create("vectors");
    int length = 1 << 20;
    byte[] content = ContractCase.pattern(1, length);
    put(file, content, 0);
    IoBuffer busy = buffer(4 << 20);
    for (int round = 0; round < 8; round++) {
      Operation before = new Operation().write(file, busy, 0, 4 << 20, 4 << 20);
      engine().submit(before);
      IoBuffer into = holding(new byte[length]);
      IoBuffer other = holding(new byte[length]);
      Operation op = new Operation().readv(file, new IoBuffer[] {into}, 0);
      engine().submit(op);
      try {
        op.readv(file, new IoBuffer[] {other}, 0);
        // It was done by then: prepared anew, and not submitted.
      } catch (IllegalStateException inFlight) {
        assertThat(op.await()).isEqualTo(length);
        assertThat(ContractCase.content(into, length)).isEqualTo(content);
        assertThat(ContractCase.content(other, length)).isEqualTo(new byte[length]);
      }
      before.await();
      into.close();
      other.close();
    }
  }

  @Test
  default void operationIsPreparedBeforeEachUse() throws IOException {
    Operation op = new Operation().nop();
    assertThatThrownBy(op::await).isInstanceOf(IllegalStateException.class);
    assertThat(run(op)).isZero();
    assertThatThrownBy(() -> engine().submit(op)).isInstanceOf(IllegalStateException.class);
    assertThat(op.result()).isZero();
    assertThat(run(op.nop())).isZero();
  }

  @Test
  default void optionsDoNotOutliveAUse() throws IOException {
    FileHandle file = create("options");
    put(file, ContractCase.pattern(2, 3 << 20), 0);
    Operation op = new Operation();
    IoBuffer into = buffer(3 << 20);
    run(op.read(file, into, 0, 3 << 20, 0).once());
    CompletionQueue queue = new CompletionQueue();
    engine()
        .submit(op.timeout(Duration.ofHours(1)).deadline(System.nanoTime() - 1).notifying(queue));
    assertThat(queue.take().errno()).isEqualTo(ETIME);
    assertThat(run(op.read(file, into, 0, 3 << 20, 0))).isEqualTo(3 << 20);
  }

  @Test
  default void closedFileIsRefused() throws IOException {
    FileHandle file = create("closed");
    Operation op = new Operation().write(file, buffer(100), 0, 100, 0);
    engine().close(file);
    assertThatThrownBy(() -> engine().submit(op)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> engine().trySubmit(op)).isInstanceOf(IllegalStateException.class);
    assertThat(engine().pool().stats().lentBytes()).isZero();
    assertThatThrownBy(() -> engine().close(file)).isInstanceOf(IllegalStateException.class);
    assertThat(run(op.nop())).isZero();
  }

  @Test
  default void closeOfAFileWaitsForWhatIsInFlight() throws IOException {
    int length = 2 << 20;
    IoBuffer from = holding(ContractCase.pattern(3, length));
    IoBuffer into = buffer(length);
    for (int round = 0; round < 4; round++) {
      FileHandle file = create("busy" + round);
      put(file, ContractCase.pattern(3, length), 0);
      Operation[] ops = new Operation[40];
      for (int i = 0; i < ops.length; i++) {
        ops[i] =
            i % 2 == 0
                ? new Operation().write(file, from, 0, 64 << 10, 4L * length + i * (64L << 10))
                : new Operation().read(file, into, 0, length, 0);
        engine().submit(ops[i]);
      }
      engine().close(file);
      for (int i = 0; i < ops.length; i++) {
        assertThat(ops[i].await()).isEqualTo(i % 2 == 0 ? 64 << 10 : length);
      }
    }
  }

  @Test
  default void batchStopsAtTheOperationThatIsRefused() throws IOException {
    FileHandle file = create("batch");
    FileHandle closed = create("closed");
    IoBuffer buffer = buffer(100);
    Operation good = new Operation().read(file, buffer, 0, 100, 0);
    Operation bad = new Operation().read(closed, buffer, 0, 100, 0);
    Operation behind = new Operation().nop();
    engine().close(closed);
    // Long enough for a ring that has nothing to do to be asleep.
    run(new Operation().timeout(Duration.ofMillis(20)));
    assertThatThrownBy(() -> engine().submit(new Operation[] {good, bad, behind}, 0, 3))
        .isInstanceOf(IllegalStateException.class);
    assertThat(good.await()).isZero();
    assertThatThrownBy(bad::await).isInstanceOf(IllegalStateException.class);
    assertThat(run(behind)).isZero();
  }

  @Test
  default void closedBufferStaysLentUntilTheCompletion() throws IOException {
    FileHandle file = create("lent");
    int length = 1 << 20;
    Operation[] ops = new Operation[thorough() ? 32 : 8];
    for (int i = 0; i < ops.length; i++) {
      Bytes bytes = frozen(ContractCase.pattern(i, length));
      ops[i] = new Operation().write(file, bytes, 0, length, (long) i * length);
      engine().submit(ops[i]);
      bytes.close();
    }
    for (Operation op : ops) {
      assertThat(op.await()).isEqualTo(length);
    }
    for (int i = 0; i < ops.length; i++) {
      assertThat(get(file, (long) i * length, length)).isEqualTo(ContractCase.pattern(i, length));
    }
    for (int i = 0; i < ops.length; i++) {
      IoBuffer into = engine().pool().acquire(length);
      ops[i].read(file, into, 0, length, (long) i * length);
      engine().submit(ops[i]);
      into.close();
    }
    for (Operation op : ops) {
      assertThat(op.await()).isEqualTo(length);
    }
    assertThat(engine().pool().stats().lentBytes()).isZero();
  }

  @Test
  default void closedBufferIsRefused() throws IOException {
    FileHandle file = create("refused");
    IoBuffer closed = engine().pool().acquire(100);
    Operation op = new Operation().read(file, closed, 0, 100, 0);
    closed.close();
    assertThatThrownBy(() -> engine().submit(op)).isInstanceOf(IllegalStateException.class);
    Operation fresh = new Operation();
    assertThatThrownBy(() -> fresh.read(file, closed, 0, 100, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  default void closingEngineDrainsFirst() throws IOException {
    Engine other = another(EngineOptions.defaults());
    FileHandle file = other.open(path("drained"), NEW_FILE, 0644);
    int length = 100_003;
    Operation[] ops = new Operation[100];
    IoBuffer from = holding(ContractCase.pattern(4, length));
    for (int i = 0; i < ops.length; i++) {
      ops[i] = new Operation().write(file, from, 0, length, (long) i * length);
      other.submit(ops[i]);
    }
    Operation close = new Operation().close(file);
    other.submit(close);
    Guarded.run("closing", Duration.ofSeconds(20), other::close);
    for (Operation op : ops) {
      assertThat(op.isDone()).as("%s", op).isTrue();
      assertThat(op.result()).isEqualTo(length);
    }
    assertThat(close.isDone()).isTrue();
    assertThat(close.result()).isZero();
    byte[] all = Files.readAllBytes(path("drained"));
    assertThat(all).hasSize(100 * length);
    assertThat(Arrays.copyOfRange(all, 57 * length, 58 * length))
        .isEqualTo(ContractCase.pattern(4, length));
  }

  @Test
  default void closingEngineCancelsWhatMayNeverEnd() throws IOException {
    Engine other = another(EngineOptions.defaults().withInFlight(2));
    FileHandle file = other.open(path("endless"), NEW_FILE, 0644);
    Operation[] ops = new Operation[8];
    for (int i = 0; i < ops.length; i++) {
      ops[i] = new Operation().timeout(Duration.ofHours(1));
      other.submit(ops[i]);
    }
    IoBuffer from = buffer(16 << 20);
    Operation write = new Operation().write(file, from, 0, 16 << 20, 0);
    Operation behind = new Operation().timeout(Duration.ofHours(1));
    write.linkTo(behind);
    // The ring may be full of timeouts, so the write may still wait.
    other.submit(write);
    Guarded.run("closing", Duration.ofSeconds(20), other::close);
    for (Operation op : ops) {
      assertThat(op.isDone()).isTrue();
      ContractCase.failed(ECANCELED, op);
    }
    assertThat(write.result()).isEqualTo(16 << 20);
    ContractCase.failed(ECANCELED, behind);
  }

  @Test
  default void closingEngineEndsAWaitForAPipe() throws IOException {
    openPipe("idle");
    Engine other = another(EngineOptions.defaults());
    FileHandle pipe = other.open(path("idle"), READ | WRITE, 0);
    Operation op = new Operation().read(pipe, buffer(10), 0, 10, 0);
    other.submit(op);
    other.open(path("something"), NEW_FILE, 0644);
    Guarded.run("closing", Duration.ofSeconds(20), other::close);
    assertThat(op.isDone()).isTrue();
    ContractCase.failed(ECANCELED, op);
  }

  @Test
  default void closedEngineRefuses() throws IOException {
    Engine other = another(EngineOptions.defaults());
    FileHandle file = other.open(path("refused"), NEW_FILE, 0644);
    IoBuffer buffer = buffer(100);
    Operation op = new Operation().write(file, buffer, 0, 100, 0);
    other.close();
    other.close();
    assertThatThrownBy(() -> other.submit(op)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> other.trySubmit(op)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> other.submit(new Operation[] {op}, 0, 1))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> other.open(path("refused"), READ, 0))
        .isInstanceOf(IllegalStateException.class);
    other.cancel(op);
    assertThat(engine().pool().stats().lentBytes()).isZero();
    assertThat(run(op.nop())).isZero();
  }

  @Test
  default void fileOfAnotherEngineIsRefused() throws IOException {
    Engine other = another(EngineOptions.defaults());
    FileHandle foreign = other.open(path("foreign"), NEW_FILE, 0644);
    Operation op = new Operation().write(foreign, buffer(10), 0, 10, 0);
    assertThatThrownBy(() -> engine().submit(op)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> engine().close(foreign)).isInstanceOf(IllegalArgumentException.class);
    assertThat(foreign.isOpen()).isTrue();
    assertThat(ContractCase.run(other, op)).isEqualTo(10);
  }

  @Test
  default void interruptedOpenLosesNoDescriptor() throws Exception {
    for (int i = 0; i < 50; i++) {
      Operation op = new Operation().open(path("opened"), NEW_FILE, 0644);
      engine().submit(op);
      Thread.currentThread().interrupt();
      try {
        op.await();
        engine().close(op.openedFile());
      } catch (InterruptedIOException e) {
        // The file, where it was opened all the same, is closed in the background.
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
      } finally {
        Thread.interrupted();
      }
    }
    assertThat(run(new Operation().nop())).isZero();
  }

  @Test
  default void failureTellsHowFarItCame() throws IOException {
    FileHandle file = create("told");
    CompletionQueue queue = new CompletionQueue();
    Operation op = new Operation().read(file, buffer(10), 0, 10, 5).notifying(queue);
    engine().submit(op.deadline(System.nanoTime() - 1));
    assertThat(queue.take()).isSameAs(op);
    OperationException failure = ContractCase.failed(ETIME, op);
    assertThat(failure.offset()).isEqualTo(5);
    assertThat(failure.length()).isEqualTo(10);
    assertThat(failure.transferred()).isZero();
    assertThat(failure.getMessage())
        .contains("read " + path("told"))
        .contains("at 5")
        .contains("10 bytes")
        .contains("ETIME");
    assertThat(op.transferred()).isZero();
    assertThat(op.errno()).isEqualTo(ETIME);
  }
}
