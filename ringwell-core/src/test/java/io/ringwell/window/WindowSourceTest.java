package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Readers of what is no file.
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WindowSourceTest {
  private Scratch scratch;

  @BeforeEach
  void open() throws IOException {
    scratch = new Scratch();
  }

  @AfterEach
  void close() throws IOException {
    scratch.close();
  }

  private ManagedReader reader(WindowSource source) throws IOException {
    return ManagedReader.open(
        scratch.engine, source, ReaderOptions.defaults().withWindowSize(64 << 10));
  }

  @Test
  void sourceThatCompletesAtOnceIsReadyAtOnce() throws IOException {
    ScriptedSource source = new ScriptedSource();
    try (ManagedReader reader = reader(source)) {
      for (long at = 0; at < 300_000; at = reader.window().end()) {
        assertThat(reader.seek(at)).isEqualTo(Readiness.READY);
        assertThat(reader.window().at(at)).isEqualTo(source.content[(int) at]);
      }
      assertThat(reader.seek(300_000)).isEqualTo(Readiness.END);
      assertThat(reader.isSourceNonBlocking()).isTrue();
      assertThat(reader.plan().route()).isEqualTo(Route.SOURCE);
    }
    assertThat(source.closed).isTrue();
  }

  @Test
  void failureNamesTheSourceAndCanBeTriedAgain() throws IOException {
    AtomicBoolean broken = new AtomicBoolean(true);
    ScriptedSource source =
        new ScriptedSource() {
          @Override
          public void read(long position, IoBuffer into, long length, Completion done)
              throws IOException {
            if (broken.get()) {
              throw new IOException("the line is dead");
            }
            super.read(position, into, length, done);
          }
        };
    try (ManagedReader reader = reader(source)) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> reader.await(100_000))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("scripted")
            .hasMessageContaining("100000")
            .hasMessageContaining("the line is dead");
      }
      broken.set(false);
      assertThat(reader.await(100_000)).isEqualTo(Readiness.READY);
    }
  }

  @Test
  void sourceThatThrowsOrLiesFailsTheRead() throws IOException {
    ScriptedSource throwing =
        new ScriptedSource() {
          @Override
          public void read(long position, IoBuffer into, long length, Completion done) {
            throw new ArithmeticException("oops");
          }
        };
    try (ManagedReader reader = reader(throwing)) {
      assertThatThrownBy(() -> reader.await(0)).hasMessageContaining("oops");
    }
    ScriptedSource lying =
        new ScriptedSource() {
          @Override
          public void read(long position, IoBuffer into, long length, Completion done) {
            done.complete(length + 1);
            assertThatThrownBy(() -> done.complete(1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> done.fail(new IOException()))
                .isInstanceOf(IllegalStateException.class);
          }
        };
    try (ManagedReader reader = reader(lying)) {
      assertThatThrownBy(() -> reader.await(0)).hasMessageContaining("65537");
    }
  }

  @Test
  void seekDoesNotWaitForASourceThatBlocks() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    ScriptedSource source =
        new ScriptedSource() {
          @Override
          public boolean isNonBlocking() {
            return false;
          }

          @Override
          public void read(long position, IoBuffer into, long length, Completion done)
              throws IOException {
            try {
              gate.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            super.read(position, into, length, done);
          }
        };
    try (ManagedReader reader = reader(source)) {
      assertThat(reader.isSourceNonBlocking()).isFalse();
      assertThat(reader.seek(0)).isEqualTo(Readiness.NOT_READY);
      assertThat(reader.seek(0)).isEqualTo(Readiness.NOT_READY);
      CompletableFuture<Readiness> stage = reader.whenReady(0).toCompletableFuture();
      assertThatThrownBy(() -> reader.seek(0)).isInstanceOf(IllegalStateException.class);
      assertThat(stage).isNotDone();
      gate.countDown();
      assertThat(stage.get(20, TimeUnit.SECONDS)).isEqualTo(Readiness.READY);
      assertThat(reader.window().at(5)).isEqualTo(source.content[5]);
    }
  }

  @Test
  void closeEndsAPendingStage() throws Exception {
    ScriptedSource source = new ScriptedSource();
    source.hold = true;
    ManagedReader reader = reader(source);
    CompletableFuture<Readiness> stage = reader.whenReady(0).toCompletableFuture();
    reader.close();
    assertThatThrownBy(stage::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(java.io.InterruptedIOException.class);
    // What the source still writes to is not given to others before it has completed.
    assertThat(scratch.engine.pool().stats().inUseBytes()).isPositive();
    source.held.forEach(Runnable::run);
    assertThat(scratch.engine.pool().stats().inUseBytes()).isZero();
  }

  @Test
  void readersOfFilesAndSourcesWaitInOneSet() throws Exception {
    byte[] all = Scratch.pattern(2, 200_000);
    ScriptedSource source = new ScriptedSource();
    source.hold = true;
    java.util.List<ManagedReader> ready = new java.util.ArrayList<>();
    ReaderOptions ring = ReaderOptions.defaults().withRoute(Route.RING);
    try (ReaderSet set = ReaderSet.of(scratch.engine);
        ManagedReader slow = reader(source);
        ManagedReader file = ManagedReader.open(scratch.engine, scratch.file("f", all), ring)) {
      set.add(slow);
      set.add(file);
      assertThat(slow.seek(0)).isEqualTo(Readiness.NOT_READY);
      if (file.seek(0) == Readiness.NOT_READY) {
        assertThat(set.await(ready, 1, java.time.Duration.ofSeconds(20))).isEqualTo(1);
        assertThat(ready).containsExactly(file);
        assertThat(file.seek(0)).isEqualTo(Readiness.READY);
      }
      ready.clear();
      assertThat(set.await(ready, 1, java.time.Duration.ofMillis(20))).isZero();
      // Delivered from another thread while this one waits.
      Thread.startVirtualThread(() -> source.held.forEach(Runnable::run));
      assertThat(set.await(ready, 1, java.time.Duration.ofSeconds(20))).isEqualTo(1);
      assertThat(ready).containsExactly(slow);
      source.hold = false;
      assertThat(slow.seek(0)).isEqualTo(Readiness.READY);
    }
  }

  @Test
  void memoryIsShownWithoutACopy() throws IOException {
    byte[] content = Scratch.pattern(3, 100_000);
    try (Bytes bytes = Bytes.copyOf(content);
        ManagedReader reader = reader(WindowSource.of(bytes))) {
      assertThat(reader.seek(70_000)).isEqualTo(Readiness.READY);
      Window window = reader.window();
      assertThat(window.residency()).isEqualTo(Residency.GIVEN);
      assertThat(window.segment().address()).isEqualTo(bytes.address() + window.position());
      try (Bytes detached = reader.detach()) {
        assertThat(detached.address()).isEqualTo(window.segment().address());
      }
    }
  }

  @Test
  void arrayIsReadToo() throws IOException {
    byte[] content = Scratch.pattern(4, 100_000);
    try (ManagedReader reader = reader(WindowSource.of(MemorySegment.ofArray(content)))) {
      assertThat(reader.seek(70_000)).isEqualTo(Readiness.READY);
      assertThat(reader.window().at(70_000)).isEqualTo(content[70_000]);
      try (Bytes detached = reader.detach(70_000, 100)) {
        assertThat(detached.toArray()).isEqualTo(Arrays.copyOfRange(content, 70_000, 70_100));
      }
    }
  }

  @Test
  void granularityIsChecked() {
    ScriptedSource odd =
        new ScriptedSource() {
          @Override
          public int granularity() {
            return 1000;
          }
        };
    assertThatThrownBy(() -> reader(odd)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            ManagedReader.open(
                scratch.engine,
                new ScriptedSource(),
                ReaderOptions.defaults().withRoute(Route.DIRECT)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// Completes every read, and then fails in what it does afterwards.
  private static final class Clumsy extends ScriptedSource {
    private final boolean nonBlocking;

    Clumsy(boolean nonBlocking) {
      this.nonBlocking = nonBlocking;
    }

    @Override
    public boolean isNonBlocking() {
      return nonBlocking;
    }

    @Override
    public void read(long position, IoBuffer into, long length, Completion done)
        throws IOException {
      super.read(position, into, length, done);
      throw new IOException("after the fact");
    }
  }

  @Test
  void whatASourceThrowsAfterACompletionChangesNothing() throws IOException {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Queue<Throwable> told = new ConcurrentLinkedQueue<>();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> told.add(failure));
    try {
      for (boolean nonBlocking : new boolean[] {true, false}) {
        Clumsy source = new Clumsy(nonBlocking);
        try (ManagedReader reader = reader(source)) {
          for (int round = 0; round < 2; round++) {
            for (long at = 0; at < 300_000; at = reader.window().end()) {
              assertThat(reader.await(at)).isEqualTo(Readiness.READY);
              assertThat(reader.window().at(at)).isEqualTo(source.content[(int) at]);
            }
            assertThat(reader.await(300_000)).isEqualTo(Readiness.END);
          }
          while (told.size() < reader.stats().loads()) {
            Thread.onSpinWait();
          }
          assertThat(told).allMatch(e -> "after the fact".equals(e.getMessage()));
          told.clear();
        }
      }
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  /// A seek asks, another one for something else, and what the first one met is no news any more.
  @Test
  void endThatWasMetForAnEarlierSeekIsLookedForAgain() throws IOException {
    ScriptedSource source =
        new ScriptedSource() {
          @Override
          public long size() {
            return -1;
          }
        };
    byte[] all = source.content;
    source.content = Arrays.copyOf(all, 100_000);
    try (ManagedReader reader = reader(source)) {
      source.hold = true;
      assertThat(reader.seek(250_000)).isEqualTo(Readiness.NOT_READY);
      source.held.remove().run();
      source.hold = false;
      assertThat(reader.seek(0)).isEqualTo(Readiness.READY);
      source.content = all;
      assertThat(reader.await(250_000)).isEqualTo(Readiness.READY);
      assertThat(reader.window().at(250_000)).isEqualTo(all[250_000]);
    }
  }

  /// The read that an earlier seek began is in flight still when the file grows.
  @Test
  void endThatAnEarlierSeekStillWaitedForIsLookedForAgain() throws IOException {
    GrowingSource source = new GrowingSource();
    try (ManagedReader reader = reader(source)) {
      source.hold = true;
      assertThat(reader.seek(250_000)).isEqualTo(Readiness.NOT_READY);
      source.hold = false;
      assertThat(reader.seek(0)).isEqualTo(Readiness.READY);
      source.content = source.all;
      assertThat(reader.seek(250_000)).isEqualTo(Readiness.NOT_READY);
      source.held.remove().run();
      assertThat(reader.seek(250_000)).isEqualTo(Readiness.READY);
      assertThat(reader.window().at(250_000)).isEqualTo(source.all[250_000]);
    }
  }

  /// The same, where the read has arrived, and only then the file grows.
  @Test
  void endThatWasMetForAnEarlierSeekIsNotToldToALaterOne() throws IOException {
    GrowingSource source = new GrowingSource();
    try (ManagedReader reader = reader(source);
        ReaderSet set = ReaderSet.of(scratch.engine)) {
      set.add(reader);
      source.hold = true;
      assertThat(reader.seek(250_000)).isEqualTo(Readiness.NOT_READY);
      source.held.remove().run();
      set.await(new ArrayList<>(), 1, Duration.ofSeconds(10));
      source.hold = false;
      source.content = source.all;
      assertThat(reader.seek(249_999)).isEqualTo(Readiness.READY);
      assertThat(reader.window().at(249_999)).isEqualTo(source.all[249_999]);
    }
  }

  /// A third of it at first. What is held was read when it was asked for.
  private static final class GrowingSource extends ScriptedSource {
    final byte[] all = content;

    GrowingSource() {
      content = Arrays.copyOf(all, 100_000);
    }

    @Override
    public long size() {
      return -1;
    }

    @Override
    public void read(long position, IoBuffer into, long length, Completion done)
        throws IOException {
      if (hold) {
        long count = fill(position, into, length);
        held.add(() -> done.complete(count));
      } else {
        super.read(position, into, length, done);
      }
    }
  }

  @Test
  void behindTheEndOfWhatNeverChangesNothingIsRead() throws IOException {
    AtomicInteger reads = new AtomicInteger();
    ScriptedSource source =
        new ScriptedSource() {
          @Override
          public boolean isImmutable() {
            return true;
          }

          @Override
          public void read(long position, IoBuffer into, long length, Completion done)
              throws IOException {
            reads.incrementAndGet();
            super.read(position, into, length, done);
          }
        };
    try (ManagedReader reader = reader(source)) {
      assertThat(reader.seek(source.size())).isEqualTo(Readiness.END);
      assertThat(reader.await(source.size() + 100)).isEqualTo(Readiness.END);
      assertThat(reads).hasValue(0);
      assertThat(reader.seek(source.size() - 1)).isEqualTo(Readiness.READY);
      reader.detach().close();
      assertThat(reader.seek(source.size())).isEqualTo(Readiness.END);
      assertThat(reads).hasValue(1);
    }
  }

  @Test
  void sourceIsClosedWhereItsReaderCannotBeOpened() {
    ScriptedSource odd =
        new ScriptedSource() {
          @Override
          public int granularity() {
            return 24;
          }
        };
    ScriptedSource negative =
        new ScriptedSource() {
          @Override
          public long size() {
            return -2;
          }
        };
    ScriptedSource plain = new ScriptedSource();
    ScriptedSource coarse =
        new ScriptedSource() {
          @Override
          public int granularity() {
            return 1 << 30;
          }
        };
    for (ScriptedSource each : java.util.List.of(odd, negative, coarse)) {
      assertThatThrownBy(() -> reader(each)).isInstanceOf(IllegalArgumentException.class);
      assertThat(each.closed).isTrue();
    }
    ReaderOptions ring = ReaderOptions.defaults().withRoute(Route.RING);
    assertThatThrownBy(() -> ManagedReader.open(scratch.engine, plain, ring))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(plain.closed).isTrue();
  }

  /// What hangs on the stage wants what the thread that closes the reader has.
  @Test
  void closeDoesNotWaitForWhatHangsOnItsStage() throws Exception {
    ScriptedSource source = new ScriptedSource();
    source.hold = true;
    ManagedReader reader = reader(source);
    java.util.concurrent.locks.ReentrantLock lock = new java.util.concurrent.locks.ReentrantLock();
    CompletableFuture<Readiness> stage = reader.whenReady(0).toCompletableFuture();
    CompletableFuture<Integer> after =
        stage.handle((answer, failure) -> {
          lock.lock();
          try {
            return failure == null ? 0 : 1;
          } finally {
            lock.unlock();
          }
        });
    lock.lock();
    try {
      reader.close();
    } finally {
      lock.unlock();
    }
    assertThat(after.get(20, TimeUnit.SECONDS)).isEqualTo(1);
    source.held.forEach(Runnable::run);
  }
}
