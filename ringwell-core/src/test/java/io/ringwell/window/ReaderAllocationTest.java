package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What moving on costs on the Java heap: nothing.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReaderAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int FILE_BYTES = 64 << 16;

  /// How long the compilers may take: until then code that keeps errno allocates.
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Scratch scratch;
  private Path file;
  private byte[] all;

  @BeforeEach
  void open() throws IOException {
    scratch = new Scratch();
    all = Scratch.pattern(1, FILE_BYTES);
    file = scratch.file("data", all);
  }

  @AfterEach
  void close() throws IOException {
    scratch.close();
  }

  /// Scans once; the sum is of one byte and one int from each window.
  private static long scan(ManagedReader reader) throws IOException {
    long sum = 0;
    Readiness answer = Readiness.READY;
    for (long at = 0; at < FILE_BYTES; at = reader.window().end()) {
      do {
        answer = reader.seek(at);
      } while (answer == Readiness.NOT_READY);
      if (answer == Readiness.END) {
        throw new AssertionError("end at " + at);
      }
      Window window = reader.window();
      sum += window.get(0);
      sum += window.segment().byteSize();
      sum += window.asInts(ByteOrder.BIG_ENDIAN).get(1);
    }
    return sum;
  }

  private void expectNoAllocation(ReaderOptions options) throws IOException {
    try (ManagedReader reader = ManagedReader.open(scratch.engine, file, options)) {
      long expected = scan(reader);
      long least = Long.MAX_VALUE;
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (least > 0 && System.nanoTime() < end) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        long sum = 0;
        for (int i = 0; i < 10; i++) {
          sum += scan(reader);
        }
        least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        assertThat(sum).isEqualTo(10 * expected);
      }
      assertThat(least).as("bytes for 640 windows").isZero();
    }
  }

  @Test
  void cachedWindowsInARowAllocateNothing() throws IOException {
    expectNoAllocation(
        ReaderOptions.defaults()
            .withHint(AccessHint.SEQUENTIAL)
            .withWindowSize(64 << 10)
            .withRoute(Route.PREAD_NOWAIT));
  }

  @Test
  void adaptiveWindowsAllocateNothingInTheEnd() throws IOException {
    expectNoAllocation(ReaderOptions.defaults());
  }

  @Test
  void windowsThroughTheEngineAllocateNothing() throws IOException {
    expectNoAllocation(ReaderOptions.defaults().withWindowSize(64 << 10).withRoute(Route.RING));
  }
}
