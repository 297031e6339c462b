package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.EngineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many readers that scan at once, with what they read ahead, in one bound.
class ManyReadersTest {
  private static final int WINDOW = 64 << 10;
  private static final int FILE_BYTES = 4 << 20;

  private Scratch scratch;

  @BeforeEach
  void open() throws IOException {
    scratch = new Scratch(EngineOptions.defaults().withPoolBytes(256L << 20));
  }

  @AfterEach
  void close() throws IOException {
    scratch.close();
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void fiftyReadersScanWithinABound() throws Exception {
    scan(50, 2);
  }

  @Test
  @Tag("soak")
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void thousandReadersScanWithinABound() throws Exception {
    scan(1000, 4);
  }

  /// The bound lets each reader have `windows` windows on average, where each would like more. It
  /// is looked at from within: the account, and what the pool has handed out, which is counted
  /// whether anybody keeps account or not.
  private void scan(int count, int windows) throws Exception {
    byte[] all = Scratch.pattern(1, FILE_BYTES);
    Path file = scratch.file("data", all);
    long sum = 0;
    for (byte each : all) {
      sum += each;
    }
    WindowMemory memory = WindowMemory.of(scratch.engine.pool(), (long) count * windows * WINDOW);
    ReaderOptions options =
        ReaderOptions.defaults()
            .withHint(AccessHint.SEQUENTIAL)
            .withRoute(Route.RING)
            .withBounds(WINDOW, 16 * WINDOW)
            .withWindowSize(WINDOW)
            .withMemory(memory);
    long before = residentBytes();
    long ahead = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Scan>> scans = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        scans.add(threads.submit(() -> scan(file, options, memory)));
      }
      long most = 0;
      for (Future<Scan> each : scans) {
        Scan scan = each.get();
        assertThat(scan.sum()).isEqualTo(sum);
        most = Math.max(most, scan.mostBytes());
        ahead += scan.ahead();
      }
      System.out.printf(
          "%d readers: at most %d of %d KiB of windows, %d read ahead; resident memory grew by %d"
              + " KiB to %d%n",
          count,
          most >> 10,
          memory.maxBytes() >> 10,
          ahead,
          (residentBytes() - before) >> 10,
          residentBytes() >> 10);
      assertThat(most).isBetween((long) WINDOW, memory.maxBytes());
    }
    assertThat(ahead).as("windows read ahead").isPositive();
    assertThat(memory.usedBytes()).isZero();
  }

  /// What one reader saw.
  private record Scan(long sum, long mostBytes, long ahead) {}

  private Scan scan(Path file, ReaderOptions options, WindowMemory memory) throws IOException {
    try (ManagedReader reader = ManagedReader.open(scratch.engine, file, options)) {
      long sum = 0;
      long most = 0;
      for (long at = 0; reader.await(at) == Readiness.READY; at = reader.window().end()) {
        Window window = reader.window();
        for (long i = 0; i < window.length(); i++) {
          sum += window.get(i);
        }
        most = Math.max(most, memory.usedBytes());
        most = Math.max(most, scratch.engine.pool().stats().inUseBytes());
      }
      return new Scan(sum, most, reader.stats().ahead());
    }
  }

  /// `VmRSS` of proc(5), in bytes; 0 where there is none.
  private static long residentBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    return 0;
  }
}
