package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.OperationException;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.OpenOptions;
import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Readers at the edges of what they take: ends of files, bounds, other engines.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReaderEdgesTest {
  private static final int KIB = 1024;

  private Scratch scratch;

  @BeforeEach
  void open() throws IOException {
    scratch = new Scratch();
  }

  @AfterEach
  void close() throws IOException {
    scratch.close();
  }

  private ManagedReader reader(Path file, ReaderOptions options) throws IOException {
    return ManagedReader.open(scratch.engine, file, options);
  }

  // ---- The end ---------------------------------------------------------------------------------

  /// Whoever follows a file asks for its end again and again.
  @Test
  void askingForTheEndAgainAndAgainTakesNoMoreMemory() throws IOException {
    WindowMemory memory = WindowMemory.of(scratch.engine.pool());
    Path file = scratch.file("followed", Scratch.pattern(1, 100_000));
    ReaderOptions options = ReaderOptions.defaults().withMemory(memory);
    try (ManagedReader reader = reader(file, options)) {
      for (long at = 0; reader.await(at) == Readiness.READY; at = reader.window().end()) {
        assertThat(reader.window().position()).isLessThanOrEqualTo(at);
      }
      long before = memory.usedBytes();
      for (int i = 0; i < 300; i++) {
        assertThat(reader.await(100_000)).isEqualTo(Readiness.END);
        assertThat(reader.await(200_000)).isEqualTo(Readiness.END);
      }
      assertThat(memory.usedBytes()).isLessThanOrEqualTo(before + 256 * KIB);
      long loads = reader.stats().loads();
      assertThat(reader.await(5)).isEqualTo(Readiness.READY);
      assertThat(reader.stats().loads()).as("the window was kept").isEqualTo(loads);
    }
  }

  @Test
  void positionsAtTheEdgesOfLongAreAnswered() throws IOException {
    try (ManagedReader reader =
        reader(scratch.file("f", new byte[5000]), ReaderOptions.defaults())) {
      for (long at : new long[] {5000, 1L << 40, 1L << 62, Long.MAX_VALUE - 1, Long.MAX_VALUE}) {
        assertThat(reader.await(at)).as("at %d", at).isEqualTo(Readiness.END);
        assertThat(reader.await(at, reader.mostAtLeast())).isEqualTo(Readiness.END);
      }
      assertThatThrownBy(() -> reader.seek(-1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> reader.seek(Long.MIN_VALUE))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> reader.seek(0, 0)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> reader.seek(0, reader.mostAtLeast() + 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(reader.await(4999)).isEqualTo(Readiness.READY);
      Window window = reader.window();
      assertThatThrownBy(() -> reader.detach(Long.MIN_VALUE, 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> reader.detach(0, Long.MAX_VALUE))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> window.at(5000)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> window.at(Long.MIN_VALUE))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(window.segmentAt(5000).byteSize()).isZero();
    }
  }

  @Test
  void windowThatEndsWithTheFileOnTheGridIsFollowedByTheEnd() throws IOException {
    ReaderOptions options = ReaderOptions.defaults().withWindowSize(64 * KIB);
    Path file = scratch.file("f", Scratch.pattern(2, 128 * KIB));
    try (ManagedReader reader = reader(file, options)) {
      assertThat(reader.await(128 * KIB - 1)).isEqualTo(Readiness.READY);
      assertThat(reader.window().end()).isEqualTo(128 * KIB);
      assertThat(reader.await(128 * KIB)).isEqualTo(Readiness.END);
      assertThat(reader.await(128 * KIB - 5, 100)).isEqualTo(Readiness.READY);
      assertThat(reader.window().end()).isEqualTo(128 * KIB);
      assertThat(reader.window().isLast()).isTrue();
      Files.write(file, new byte[200], StandardOpenOption.APPEND);
      assertThat(reader.await(128 * KIB - 5, 100)).isEqualTo(Readiness.READY);
      assertThat(reader.window().end()).isEqualTo(128 * KIB + 200);
    }
  }

  // ---- Bounds ----------------------------------------------------------------------------------

  @Test
  void memoryThatHoldsNoWindowIsRefusedAtOpening() throws IOException {
    Path file = scratch.file("f", new byte[10_000]);
    ReaderOptions tiny =
        ReaderOptions.defaults().withMemory(WindowMemory.of(scratch.engine.pool(), 1000));
    assertThatThrownBy(() -> reader(file, tiny).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1000")
        .hasMessageContaining("4096");
  }

  @Test
  void whatASeekMayInsistOnFitsIntoTheMemory() throws IOException {
    byte[] all = Scratch.pattern(3, 500 * KIB);
    Path file = scratch.file("f", all);
    for (int bound : new int[] {4, 5, 12, 17, 48, 100, 200, 300}) {
      WindowMemory memory = WindowMemory.of(scratch.engine.pool(), (long) bound * KIB);
      try (ManagedReader reader = reader(file, ReaderOptions.defaults().withMemory(memory))) {
        assertThat(reader.maxWindow()).isBetween(4096L, (long) bound * KIB);
        // Where a granule begins: all of a window is behind it.
        long most = reader.mostAtLeast();
        for (long at : new long[] {0, 4095, 8192, 12287}) {
          assertThat(reader.await(at, most))
              .as("%d KiB, at %d", bound, at)
              .isEqualTo(Readiness.READY);
          assertThat(reader.window().end() - at).isGreaterThanOrEqualTo(most);
          assertThat(reader.window().at(at)).isEqualTo(all[(int) at]);
        }
      }
    }
  }

  @Test
  void setWaitsForEverWhereAsked() throws IOException {
    List<ManagedReader> out = new ArrayList<>();
    ReaderOptions ring = ReaderOptions.defaults().withRoute(Route.RING);
    try (ReaderSet set = ReaderSet.of(scratch.engine);
        ManagedReader reader = reader(scratch.file("f", new byte[100_000]), ring)) {
      set.add(reader);
      if (reader.seek(0) == Readiness.NOT_READY) {
        assertThat(set.await(out, 1, ChronoUnit.FOREVER.getDuration())).isEqualTo(1);
      }
      assertThat(reader.seek(0)).isEqualTo(Readiness.READY);
    }
  }

  @Test
  void readerOfAnotherEngineIsRefusedByASet() throws IOException {
    try (Scratch other = new Scratch();
        ReaderSet set = ReaderSet.of(other.engine);
        Bytes bytes = Bytes.copyOf(new byte[100]);
        ManagedReader memory =
            ManagedReader.open(scratch.engine, WindowSource.of(bytes), ReaderOptions.defaults());
        ManagedReader reader = reader(scratch.file("f", new byte[100]), ReaderOptions.defaults())) {
      assertThatThrownBy(() -> set.add(reader))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("engine");
      assertThat(set.size()).isZero();
      set.add(memory);
      assertThat(reader.await(0)).isEqualTo(Readiness.READY);
    }
  }

  // ---- Routes ----------------------------------------------------------------------------------

  @Test
  void fileThatIsOpenIsReadAsItWasOpenedOrRefused() throws IOException {
    Path path = scratch.file("f", new byte[100_000]);
    ReaderOptions any = ReaderOptions.defaults();
    try (AsyncFile file = AsyncFile.open(scratch.engine, path, OpenOptions.read())) {
      for (ReaderOptions each :
          List.of(any.withRoute(Route.DIRECT), any.allowMapped().withRoute(Route.MAPPED))) {
        assertThatThrownBy(() -> ManagedReader.open(file, each).close())
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("through the page cache");
      }
      try (ManagedReader reader = ManagedReader.open(file, any.allowMapped())) {
        assertThat(reader.plan().route()).isNotEqualTo(Route.MAPPED);
        assertThat(reader.await(0)).isEqualTo(Readiness.READY);
        assertThat(reader.window().residency()).isEqualTo(Residency.COPIED);
      }
    }
  }

  @Test
  void fileThatIsOpenForDirectReadsIsReadSo() throws IOException {
    Path path = scratch.file("f", new byte[100_000]);
    try (AsyncFile file = AsyncFile.open(scratch.engine, path, OpenOptions.read().direct())) {
      ReaderOptions ring = ReaderOptions.defaults().withRoute(Route.RING);
      assertThatThrownBy(() -> ManagedReader.open(file, ring).close())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("direct");
      try (ManagedReader reader = ManagedReader.open(file, ReaderOptions.defaults())) {
        assertThat(reader.plan().route()).isEqualTo(Route.DIRECT);
        assertThat(reader.await(99_999)).isEqualTo(Readiness.READY);
      }
    } catch (OperationException e) {
      Assumptions.assumeFalse(e.errnoName().equals("EINVAL"), "no direct I/O here");
      throw e;
    }
  }

  @Test
  void routeThatTheEngineLacksIsRefusedByName() throws IOException {
    EngineOptions plain = EngineOptions.defaults().withChoice(EngineOptions.Choice.CHANNELS);
    try (Scratch other = new Scratch(plain)) {
      Path path = other.file("f", new byte[10]);
      ReaderOptions now = ReaderOptions.defaults().withRoute(Route.PREAD_NOWAIT);
      assertThatThrownBy(() -> ManagedReader.open(other.engine, path, now).close())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("PREAD_NOWAIT");
    }
  }

  // ---- Closing ---------------------------------------------------------------------------------

  @Test
  void whatWasDetachedIsGivenBackAfterReaderAndEngine() throws IOException {
    byte[] all = Scratch.pattern(4, 300_000);
    List<Bytes> kept = new ArrayList<>();
    try (ManagedReader reader = reader(scratch.file("f", all), ReaderOptions.defaults())) {
      for (long at = 0; reader.await(at) == Readiness.READY; at = reader.window().end()) {
        kept.add(reader.detach());
        kept.add(reader.detach(at, 1));
      }
    }
    scratch.engine.close();
    assertThat(kept.getFirst().get(7)).isEqualTo(all[7]);
    for (Bytes each : kept) {
      each.close();
    }
    assertThat(scratch.engine.pool().stats().inUseBytes()).isZero();
  }

  /// What a closed reader answers.
  @Test
  void closedReaderRefusesEverythingByName() throws IOException {
    ManagedReader reader = reader(scratch.file("shut", new byte[10]), ReaderOptions.defaults());
    reader.await(0);
    Window window = reader.window();
    reader.close();
    reader.close();
    assertThatThrownBy(() -> reader.seek(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("shut");
    assertThatThrownBy(() -> reader.whenReady(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(reader::detach).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(window::segment).isInstanceOf(IllegalStateException.class);
    assertThat(reader.toString()).contains("closed");
  }

  /// What `pool` is, counting how often somebody asks it to wait.
  private static BufferPool counting(BufferPool pool, AtomicInteger asked) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getName().equals("acquire")) {
            asked.incrementAndGet();
          }
          try {
            return method.invoke(pool, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    Class<?>[] types = {BufferPool.class};
    return (BufferPool) Proxy.newProxyInstance(BufferPool.class.getClassLoader(), types, handler);
  }

  private FutureTask<Readiness> start(ManagedReader reader, long atLeast, Thread[] thread) {
    FutureTask<Readiness> task = new FutureTask<>(() -> reader.await(0, atLeast));
    thread[0] = Thread.ofPlatform().start(task);
    return task;
  }

  private static void awaitParked(Thread thread, AtomicInteger asked) {
    while (thread.getState() != Thread.State.TIMED_WAITING && asked.get() < 1000) {
      Thread.onSpinWait();
    }
  }

  @Test
  void seekThatWaitsForTheBoundParks() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    WindowMemory memory = WindowMemory.of(counting(scratch.engine.pool(), asked), 1024 * KIB);
    Path file = scratch.file("f", Scratch.pattern(5, 2_000_000));
    ReaderOptions options =
        ReaderOptions.defaults().withMemory(memory).withBounds(512 * KIB, 512 * KIB);
    try (ManagedReader holding = reader(file, options);
        ManagedReader other = reader(file, options);
        ManagedReader asking = reader(file, options)) {
      assertThat(holding.await(0, 500 * KIB)).isEqualTo(Readiness.READY);
      assertThat(other.await(0, 250 * KIB)).isEqualTo(Readiness.READY);
      // 512 KiB more there are not, before one of them moves on.
      Thread[] thread = new Thread[1];
      FutureTask<Readiness> task = start(asking, 400 * KIB, thread);
      awaitParked(thread[0], asked);
      assertThat(asked).as("attempts without a rest").hasValueLessThan(10);
      assertThat(holding.await(1_900_000)).isEqualTo(Readiness.READY);
      assertThat(task.get()).isEqualTo(Readiness.READY);
    }
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void seekThatWaitsForALargePieceOfThePoolParks() throws Exception {
    try (Scratch small = new Scratch(EngineOptions.defaults().withPoolBytes(1 << 20))) {
      AtomicInteger asked = new AtomicInteger();
      WindowMemory memory = WindowMemory.of(counting(small.engine.pool(), asked), 1024 * KIB);
      Path file = small.file("f", Scratch.pattern(6, 2_000_000));
      ReaderOptions options =
          ReaderOptions.defaults().withMemory(memory).withBounds(512 * KIB, 512 * KIB);
      try (ManagedReader asking = ManagedReader.open(small.engine, file, options)) {
        IoBuffer most = small.engine.pool().acquire(512 * KIB);
        IoBuffer more = small.engine.pool().acquire(256 * KIB);
        Thread[] thread = new Thread[1];
        FutureTask<Readiness> task = start(asking, 400 * KIB, thread);
        awaitParked(thread[0], asked);
        assertThat(asked).as("attempts without a rest").hasValueLessThan(10);
        most.close();
        assertThat(task.get()).isEqualTo(Readiness.READY);
        more.close();
      }
    }
  }
}
