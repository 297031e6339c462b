package io.ringwell.window;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.ringwell.engine.EngineOptions;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What asking and waiting for many readers costs.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReaderSetTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int WINDOW = 4096;

  private Scratch scratch;

  @BeforeEach
  void open() throws IOException {
    scratch = new Scratch(EngineOptions.defaults().withPoolBytes(128L << 20));
  }

  @AfterEach
  void close() throws IOException {
    scratch.close();
  }

  @Test
  void thousandReadersAreAskedInOneCall() throws IOException {
    askMany(1000);
  }

  @Test
  @Tag("soak")
  void tenThousandReadersAreAskedInOneCall() throws IOException {
    askMany(10_000);
  }

  /// All read one file, so that the limit of open files is none of the test.
  private void askMany(int count) throws IOException {
    byte[] all = Scratch.pattern(1, count * WINDOW);
    Path path = scratch.file("data", all);
    WindowMemory memory = WindowMemory.of(scratch.engine.pool());
    ReaderOptions options =
        ReaderOptions.defaults()
            .withBounds(WINDOW, WINDOW)
            .withWindowSize(WINDOW)
            .withRoute(Route.RING)
            .withMemory(memory);
    List<ManagedReader> readers = new ArrayList<>();
    try (var file =
            io.ringwell.file.AsyncFile.open(
                scratch.engine, path, io.ringwell.file.OpenOptions.read());
        ReaderSet set = ReaderSet.of(scratch.engine)) {
      for (int i = 0; i < count; i++) {
        ManagedReader reader = ManagedReader.open(file, options);
        set.add(reader);
        readers.add(reader);
      }
      long start = scratch.engine.stats().syscalls();
      int ready = 0;
      for (int i = 0; i < count; i++) {
        ready += readers.get(i).seek((long) i * WINDOW) == Readiness.READY ? 1 : 0;
      }
      List<ManagedReader> out = new ArrayList<>();
      int answers = set.await(out, count, Duration.ofSeconds(60));
      assertThat(ready + answers).isGreaterThanOrEqualTo(count);
      long before = scratch.engine.stats().syscalls();
      System.out.printf("%.3f syscalls a readiness answer%n", (before - start) / (double) count);
      assertThat(set.poll(out)).isZero();
      for (int i = 0; i < count; i++) {
        assertThat(readers.get(i).seek((long) i * WINDOW)).isEqualTo(Readiness.READY);
        assertThat(readers.get(i).window().get(9)).isEqualTo(all[i * WINDOW + 9]);
      }
      // Asking costs nothing: only reading did. The ring may have gone to sleep meanwhile.
      assertThat(scratch.engine.stats().syscalls()).isLessThan(before + count / 100);
      for (ManagedReader each : readers) {
        each.close();
      }
    }
  }

  /// Never completes anything by itself.
  private static final class Silent implements WindowSource {
    private @Nullable Completion pending;

    @Override
    public String name() {
      return "silent";
    }

    @Override
    public long size() {
      return 100;
    }

    @Override
    public void read(long position, IoBuffer into, long length, Completion done) {
      pending = done;
    }
  }

  @Test
  void waitingBurnsNoProcessor() throws IOException {
    Silent silent = new Silent();
    List<ManagedReader> out = new ArrayList<>();
    try (ReaderSet set = ReaderSet.of(scratch.engine);
        ManagedReader reader =
            ManagedReader.open(scratch.engine, silent, ReaderOptions.defaults())) {
      set.add(reader);
      assertThat(reader.seek(0)).isEqualTo(Readiness.NOT_READY);
      long before = THREADS.getCurrentThreadCpuTime();
      Assumptions.assumeTrue(before >= 0, "no times of threads here");
      long start = System.nanoTime();
      assertThat(set.await(out, 1, Duration.ofMillis(500))).isZero();
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(500_000_000);
      assertThat(TimeUnit.NANOSECONDS.toMillis(THREADS.getCurrentThreadCpuTime() - before))
          .isLessThan(50);
      requireNonNull(silent.pending).complete(100);
      assertThat(set.poll(out)).isEqualTo(1);
      assertThat(reader.seek(0)).isEqualTo(Readiness.READY);
    }
  }

  @Test
  void awaitReturnsAtOnceWhereNobodyWaits() throws IOException {
    List<ManagedReader> out = new ArrayList<>();
    try (ReaderSet set = ReaderSet.of(scratch.engine);
        ManagedReader reader =
            ManagedReader.open(
                scratch.engine, scratch.file("small", new byte[10]), ReaderOptions.defaults())) {
      assertThat(set.await(out, 1, Duration.ofDays(1))).isZero();
      set.add(reader);
      assertThat(set.await(out, 1, Duration.ofDays(1))).isZero();
    }
  }

  @Test
  void readerThatWasAskedAgainIsNotReported() throws IOException {
    Silent silent = new Silent();
    List<ManagedReader> out = new ArrayList<>();
    try (ReaderSet set = ReaderSet.of(scratch.engine);
        ManagedReader reader =
            ManagedReader.open(scratch.engine, silent, ReaderOptions.defaults())) {
      set.add(reader);
      assertThat(reader.seek(0)).isEqualTo(Readiness.NOT_READY);
      requireNonNull(silent.pending).complete(100);
      assertThat(reader.seek(0)).isEqualTo(Readiness.READY);
      assertThat(set.poll(out)).isZero();
      assertThat(set.waiting()).isZero();
    }
  }

  @Test
  void readerClosesAfterItsEngine() throws IOException {
    try (Scratch other = new Scratch()) {
      byte[] all = Scratch.pattern(3, 1_000_000);
      ManagedReader reader =
          ManagedReader.open(
              other.engine,
              other.file("data", all),
              ReaderOptions.defaults().withRoute(Route.RING).withHint(AccessHint.SEQUENTIAL));
      reader.seek(0);
      other.engine.close();
      // Its file was closed by the engine, and cannot be closed again; all else was given back.
      assertThatThrownBy(reader::close)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
      reader.close();
    }
  }
}
