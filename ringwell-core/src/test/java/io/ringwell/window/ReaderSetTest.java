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
    waitForMany(500);
  }

  @Test
  @Tag("soak")
  void waitingForTenThousandBurnsNoProcessor() throws IOException {
    waitForMany(10_000);
  }

  /// The thread that waits uses next to no time of the half second that it waits; a loop that looks
  /// again and again would use most of it. Then each is told of once.
  private void waitForMany(int count) throws IOException {
    long waitNanos = TimeUnit.MILLISECONDS.toNanos(500);
    List<Silent> sources = new ArrayList<>();
    List<ManagedReader> readers = new ArrayList<>();
    List<ManagedReader> out = new ArrayList<>();
    ReaderOptions options =
        ReaderOptions.defaults()
            .withBounds(WINDOW, WINDOW)
            .withWindowSize(WINDOW)
            .withMemory(WindowMemory.of(scratch.engine.pool()));
    try (ReaderSet set = ReaderSet.of(scratch.engine)) {
      for (int i = 0; i < count; i++) {
        Silent source = new Silent();
        ManagedReader reader = ManagedReader.open(scratch.engine, source, options);
        sources.add(source);
        readers.add(reader);
        set.add(reader);
        assertThat(reader.seek(0)).isEqualTo(Readiness.NOT_READY);
      }
      assertThat(set.waiting()).isEqualTo(count);
      long before = THREADS.getCurrentThreadCpuTime();
      Assumptions.assumeTrue(before >= 0, "no times of threads here");
      long calls = scratch.engine.stats().syscalls();
      long start = System.nanoTime();
      assertThat(set.await(out, 1, Duration.ofNanos(waitNanos))).isZero();
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(waitNanos);
      long used = THREADS.getCurrentThreadCpuTime() - before;
      System.out.printf(
          "%d readers waited for: %d us of processor, %d syscalls%n",
          count, used / 1000, scratch.engine.stats().syscalls() - calls);
      assertThat(used).isLessThan(waitNanos / 2);
      for (Silent each : sources) {
        requireNonNull(each.pending).complete(100);
      }
      assertThat(set.poll(out)).isEqualTo(count);
      assertThat(out).doesNotHaveDuplicates();
      for (ManagedReader each : readers) {
        assertThat(each.seek(0)).isEqualTo(Readiness.READY);
        each.close();
      }
    }
  }

  /// What a set was about to tell of a reader is of no interest once it has left.
  @Test
  void readerThatHasLeftIsNotReported() throws IOException {
    Silent silent = new Silent();
    Silent idle = new Silent();
    List<ManagedReader> out = new ArrayList<>();
    try (ReaderSet set = ReaderSet.of(scratch.engine);
        ReaderSet other = ReaderSet.of(scratch.engine);
        ManagedReader reader =
            ManagedReader.open(
                scratch.engine, silent, ReaderOptions.defaults().withWindowSize(4096));
        ManagedReader helper = ManagedReader.open(scratch.engine, idle, ReaderOptions.defaults())) {
      set.add(reader);
      set.add(helper);
      // Twice news of it comes while another member is asked, and nobody asks the set.
      assertThat(reader.seek(0)).isEqualTo(Readiness.NOT_READY);
      requireNonNull(silent.pending).complete(100);
      helper.seek(0);
      assertThat(reader.seek(5000)).isEqualTo(Readiness.NOT_READY);
      requireNonNull(silent.pending).complete(0);
      helper.seek(0);
      set.remove(reader);
      assertThat(set.poll(out)).isZero();
      other.add(reader);
      assertThat(other.poll(out)).isZero();
    }
    requireNonNull(idle.pending).complete(0);
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
