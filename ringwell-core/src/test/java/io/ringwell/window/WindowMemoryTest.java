package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.EngineOptions;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The bound that readers share.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WindowMemoryTest {
  private static final long KIB = 1024L;

  private Scratch scratch;
  private byte[] all;
  private Path file;

  @BeforeEach
  void open() throws IOException {
    scratch = new Scratch();
    all = Scratch.pattern(1, 2_000_000);
    file = scratch.file("data", all);
  }

  @AfterEach
  void close() throws IOException {
    scratch.close();
  }

  private ManagedReader reader(WindowMemory memory, long window, long bytes) throws IOException {
    ReaderOptions options =
        ReaderOptions.defaults()
            .withHint(AccessHint.REPEATED)
            .withBounds(window, bytes)
            .withWindowSize(window)
            .withMemory(memory);
    return ManagedReader.open(scratch.engine, file, options);
  }

  private void expect(ManagedReader reader, long position) throws IOException {
    assertThat(reader.await(position)).isEqualTo(Readiness.READY);
    assertThat(reader.window().at(position)).isEqualTo(all[(int) position]);
  }

  @Test
  void keptWindowsAreGivenToWhoeverNeedsThem() throws IOException {
    WindowMemory memory = WindowMemory.of(scratch.engine.pool(), 256 * KIB);
    try (ManagedReader keeping = reader(memory, 16 * KIB, 256 * KIB);
        ManagedReader needing = reader(memory, 16 * KIB, 256 * KIB)) {
      for (int i = 0; i < 30; i++) {
        expect(keeping, i * 16L * KIB);
      }
      assertThat(memory.usedBytes()).isEqualTo(256 * KIB);
      long kept = keeping.stats().loads();
      expect(keeping, 28 * 16 * KIB);
      assertThat(keeping.stats().loads()).as("it was kept").isEqualTo(kept);
      for (int i = 0; i < 10; i++) {
        expect(needing, i * 16L * KIB);
      }
      assertThat(memory.reclaimedBytes()).isPositive();
      assertThat(memory.usedBytes()).isLessThanOrEqualTo(256 * KIB);
      // The window in use was left alone.
      assertThat(keeping.window().at(28 * 16 * KIB)).isEqualTo(all[28 * 16 * 1024]);
      expect(keeping, 0);
    }
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void readerWithoutRoomForOneWindowIsRefused() throws IOException {
    WindowMemory memory = WindowMemory.of(scratch.engine.pool(), 64 * KIB);
    List<ManagedReader> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      readers.add(reader(memory, 16 * KIB, 64 * KIB));
    }
    assertThatThrownBy(() -> reader(memory, 16 * KIB, 64 * KIB))
        .isInstanceOf(NoWindowMemoryException.class)
        .hasMessageContaining("16384")
        .hasMessageContaining("close readers");
    // Each of the others has its window at the same time.
    for (int i = 0; i < 4; i++) {
      expect(readers.get(i), i * 300_000L);
    }
    for (int i = 0; i < 4; i++) {
      assertThat(readers.get(i).window().at(i * 300_000L)).isEqualTo(all[i * 300_000]);
    }
    readers.removeFirst().close();
    readers.add(reader(memory, 16 * KIB, 64 * KIB));
    for (ManagedReader each : readers) {
      each.close();
    }
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void manyReadersScanWithinOneBound() throws Exception {
    WindowMemory memory = WindowMemory.of(scratch.engine.pool(), 4 << 20);
    int count = 100;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> scans = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        long seed = i;
        Callable<Long> scan = () -> scan(memory, seed);
        scans.add(threads.submit(scan));
      }
      for (Future<Long> each : scans) {
        assertThat(each.get(60, TimeUnit.SECONDS)).isLessThanOrEqualTo(4 << 20);
      }
    }
    assertThat(memory.usedBytes()).isZero();
    assertThat(scratch.engine.pool().stats().peakBytes()).isLessThanOrEqualTo(8 << 20);
  }

  /// The most that was in use when this one looked.
  private long scan(WindowMemory memory, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    long most = 0;
    ReaderOptions options =
        ReaderOptions.defaults()
            .withHint(List.of(AccessHint.values()).get((int) (seed % AccessHint.values().length)))
            .withRoute(seed % 2 == 0 ? Route.RING : Route.PREAD_NOWAIT)
            .withMemory(memory)
            .withBounds(128 * KIB, 512 * KIB);
    try (ManagedReader reader = ManagedReader.open(scratch.engine, file, options)) {
      long at = 0;
      for (int i = 0; i < 40; i++) {
        expect(reader, at);
        most = Math.max(most, memory.usedBytes());
        at = random.nextInt(8) == 0 ? random.nextLong(all.length) : reader.window().end();
        at = at < all.length ? at : 0;
      }
    }
    return most;
  }

  @Test
  void parkedSeekWaitsForThePool() throws Exception {
    try (Scratch small = new Scratch(EngineOptions.defaults().withPoolBytes(1 << 20))) {
      Path there = small.file("data", all);
      ReaderOptions options =
          ReaderOptions.defaults().withWindowSize(64 * KIB).withRoute(Route.RING);
      List<IoBuffer> others = new ArrayList<>();
      try (ManagedReader reader = ManagedReader.open(small.engine, there, options)) {
        IoBuffer next = small.engine.pool().tryAcquire(64 * KIB);
        while (next != null) {
          others.add(next);
          next = small.engine.pool().tryAcquire(64 * KIB);
        }
        assertThatThrownBy(() -> reader.seek(0))
            .isInstanceOf(NoWindowMemoryException.class)
            .hasMessageContaining("close detached windows");
        CountDownLatch waiting = new CountDownLatch(1);
        Thread giver =
            Thread.startVirtualThread(() -> {
              try {
                waiting.await();
                while (small.engine.pool().stats().waiting() == 0) {
                  Thread.onSpinWait();
                }
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              others.forEach(IoBuffer::close);
            });
        waiting.countDown();
        expect(reader, 500_000);
        giver.join();
      }
    }
  }

  /// What is only kept is no reason to wait for the pool, by whatever bound it is kept.
  @Test
  void whoWaitsForThePoolGetsWhatReadersKeep() throws Exception {
    try (Scratch small = new Scratch(EngineOptions.defaults().withPoolBytes(2 << 20))) {
      Path there = small.file("data", all);
      ReaderOptions options =
          ReaderOptions.defaults()
              .withHint(AccessHint.REPEATED)
              .withBounds(64 * KIB, 1024 * KIB)
              .withWindowSize(64 * KIB);
      try (ManagedReader one = ManagedReader.open(small.engine, there, options);
          ManagedReader two = ManagedReader.open(small.engine, there, options)) {
        for (long at = 0; at < 16 * 64 * KIB; at += 64 * KIB) {
          expect(one, at);
          expect(two, at);
        }
        long most = small.engine.pool().maxBytes();
        assertThat(small.engine.pool().stats().inUseBytes()).isEqualTo(most);
        small.engine.pool().acquire(most / 2, Duration.ofSeconds(30)).close();
        assertThat(one.window().at(15 * 64 * KIB)).isEqualTo(all[15 * 64 * 1024]);
        expect(two, 0);
      }
    }
  }

  @Test
  void detachedWindowsDoNotCount() throws IOException {
    WindowMemory memory = WindowMemory.of(scratch.engine.pool(), 64 * KIB);
    List<Bytes> detached = new ArrayList<>();
    try (ManagedReader reader = reader(memory, 16 * KIB, 32 * KIB)) {
      for (int i = 0; i < 50; i++) {
        expect(reader, i * 16L * KIB);
        detached.add(reader.detach());
        assertThat(memory.usedBytes()).isLessThanOrEqualTo(32 * KIB);
      }
    }
    for (int i = 0; i < 50; i++) {
      try (Bytes bytes = detached.get(i)) {
        assertThat(bytes.get(7)).isEqualTo(all[i * 16 * 1024 + 7]);
      }
    }
  }

  @Test
  void poolMustHoldTheBound() {
    assertThatThrownBy(() -> WindowMemory.of(scratch.engine.pool(), 1L << 40))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WindowMemory.of(scratch.engine.pool(), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
