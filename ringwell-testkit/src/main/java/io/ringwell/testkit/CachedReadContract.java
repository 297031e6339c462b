package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.EngineInfo;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Reads that are tried on the caller's thread first. An engine may miss each of them.
interface CachedReadContract extends ContractCase {
  @Test
  default void cachedBytesAreReadOnTheCallersThread() throws IOException {
    FileHandle file = create("cached");
    byte[] content = ContractCase.pattern(1, 10_000);
    put(file, content, 0);
    IoBuffer into = buffer(4096);
    Operation op = new Operation();
    int hits = 0;
    for (int i = 0; i < 64; i++) {
      op.read(file, into, 0, 4096, i * 91L);
      boolean hit = engine().tryNow(op);
      hits += hit ? 1 : 0;
      assertThat(hit ? op.result() : run(op)).isEqualTo(4096);
      assertThat(ContractCase.content(into, 4096))
          .isEqualTo(Arrays.copyOfRange(content, i * 91, i * 91 + 4096));
    }
    if (kind() != EngineInfo.Kind.CHANNELS) {
      // What was just written is cached. tmpfs takes no RWF_NOWAIT before Linux 6.11.
      assumeTrue(hits > 0, "this file system never hits");
      assertThat(engine().stats().operations()).isGreaterThan(engine().stats().handedOff());
    }
  }

  @Test
  default void endOfFileIsAValueOnTheCallersThreadToo() throws IOException {
    FileHandle file = create("end");
    byte[] content = ContractCase.pattern(2, 5000);
    put(file, content, 0);
    IoBuffer into = buffer(4096);
    assertThat(readEitherWay(new Operation().read(file, into, 0, 4096, 5000))).isZero();
    assertThat(readEitherWay(new Operation().read(file, into, 0, 4096, 4096))).isEqualTo(904);
    assertThat(ContractCase.content(into, 904)).isEqualTo(Arrays.copyOfRange(content, 4096, 5000));
  }

  @Test
  default void readThatMissesInTheMiddleGoesOnFromThere() throws IOException {
    FileHandle file = create("half");
    byte[] content = ContractCase.pattern(3, 8192);
    put(file, content, 0);
    // What follows was never written, so it is in no cache.
    run(new Operation().truncate(file, 1 << 20));
    IoBuffer into = buffer(1 << 20);
    into.segment().fill((byte) 0xee);
    assertThat(readEitherWay(new Operation().read(file, into, 0, 1 << 20, 0))).isEqualTo(1 << 20);
    assertThat(ContractCase.content(into, 1 << 20)).isEqualTo(Arrays.copyOf(content, 1 << 20));
  }

  private long readEitherWay(Operation op) throws IOException {
    return engine().tryNow(op) ? op.result() : run(op);
  }

  @Test
  default void writesAreNeverDoneOnTheCallersThread() throws IOException {
    FileHandle file = create("write");
    Operation op = new Operation().write(file, buffer(100), 0, 100, 0);
    assertThat(engine().tryNow(op)).isFalse();
    assertThat(run(op)).isEqualTo(100);
  }

  @Test
  default void whoeverWaitsHearsOfAReadOnTheCallersThread() throws Exception {
    FileHandle file = create("told");
    put(file, new byte[4096], 0);
    for (int i = 0; i < 8; i++) {
      Operation staged = new Operation().read(file, buffer(100), 0, 100, 0);
      var stage = staged.stage().toCompletableFuture();
      if (!engine().tryNow(staged)) {
        engine().submit(staged);
      }
      assertThat(stage.get(10, TimeUnit.SECONDS)).isSameAs(staged);

      Operation first = new Operation().read(file, buffer(100), 0, 100, 0);
      Operation linked = new Operation().nop();
      first.linkTo(linked);
      if (!engine().tryNow(first)) {
        engine().submit(first);
      }
      assertThat(linked.await()).isZero();

      CompletionQueue queue = new CompletionQueue();
      Operation queued = new Operation().read(file, buffer(100), 0, 100, 0).notifying(queue);
      // Done at once, it need not pass through the queue.
      if (!engine().tryNow(queued)) {
        engine().submit(queued);
        assertThat(queue.take()).isSameAs(queued);
      }
      assertThat(queued.result()).isEqualTo(100);
    }
  }

  @Test
  default void closedBufferIsNotReadInto() throws IOException {
    FileHandle file = create("freed");
    put(file, ContractCase.pattern(4, 4096), 0);
    for (int i = 0; i < 16; i++) {
      IoBuffer closed = engine().pool().acquire(4096);
      Operation op = new Operation().read(file, closed, 0, 4096, 0);
      closed.close();
      IoBuffer next = holding(new byte[4096]);
      assertThatThrownBy(
              () -> {
                if (!engine().tryNow(op)) {
                  engine().submit(op);
                }
              })
          .isInstanceOf(IllegalStateException.class);
      assertThat(ContractCase.content(next, 4096)).isEqualTo(new byte[4096]);
      next.close();
    }
  }

  @Test
  default void closedFileIsRefusedOnTheCallersThreadToo() throws IOException {
    FileHandle file = create("closed");
    put(file, new byte[100], 0);
    Operation op = new Operation().read(file, buffer(100), 0, 100, 0);
    engine().close(file);
    assertThatThrownBy(
            () -> {
              if (!engine().tryNow(op)) {
                engine().submit(op);
              }
            })
        .isInstanceOf(IllegalStateException.class);
  }
}
