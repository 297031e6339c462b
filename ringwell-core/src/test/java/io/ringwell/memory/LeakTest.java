package io.ringwell.memory;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LeakTest {
  private final BufferPool pool =
      BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20).withTrackLeaks(true));

  private static LeakReport awaitReport(long before) throws InterruptedException {
    boolean found = false;
    for (int i = 0; i < 100 && !found; i++) {
      System.gc();
      found = LeakReports.await(before + 1, 200, TimeUnit.MILLISECONDS);
    }
    assertThat(found).isTrue();
    return LeakReports.recent().getLast();
  }

  private void forgetABuffer() {
    requireNonNull(pool.tryAcquire(1000));
  }

  private void forgetASlice() {
    try (Bytes bytes = requireNonNull(pool.tryAcquire(1000)).freeze()) {
      bytes.slice(10, 20);
    }
  }

  @Test
  void forgottenBufferIsReportedWithItsPlaceAndTakenBack() throws Exception {
    long before = LeakReports.count();
    forgetABuffer();
    assertThat(pool.stats().inUseBytes()).isPositive();
    LeakReport report = awaitReport(before);
    assertThat(report.kind()).isEqualTo("IoBuffer");
    assertThat(report.size()).isEqualTo(1000);
    assertThat(report.site()).hasStackTraceContaining("forgetABuffer");
    assertThat(pool.stats().inUseBytes()).isZero();
  }

  @Test
  void forgottenSliceNamesTheAcquireToo() throws Exception {
    long before = LeakReports.count();
    forgetASlice();
    LeakReport report = awaitReport(before);
    assertThat(report.kind()).isEqualTo("Bytes");
    assertThat(report.size()).isEqualTo(20);
    assertThat(report.site()).hasMessageContaining("20 bytes");
    assertThat(report.site().getCause()).hasMessageContaining("IoBuffer of 1000 bytes");
    assertThat(pool.stats().inUseBytes()).isZero();
  }

  @Test
  void closedBuffersAreNotReported() throws Exception {
    long before = LeakReports.count();
    for (int i = 0; i < 1000; i++) {
      try (Bytes bytes = requireNonNull(pool.tryAcquire(100)).freeze();
          Bytes slice = bytes.slice(0, 1)) {
        assertThat(slice.size()).isEqualTo(1);
      }
    }
    forgetABuffer(); // the sign that the collector has been through
    awaitReport(before);
    assertThat(LeakReports.count()).isEqualTo(before + 1);
  }

  @Test
  void leakedMemoryThatIsLentStaysLent() throws Exception {
    long before = LeakReports.count();
    Runnable giveBack = lendAndForget();
    awaitReport(before);
    assertThat(pool.stats().lentBytes()).isPositive();
    giveBack.run();
    assertThat(pool.stats().inUseBytes()).isZero();
  }

  /// The kernel's side of a lent slice, which refers to another handle of the same memory.
  private Runnable lendAndForget() {
    Bytes kernel = requireNonNull(pool.tryAcquire(1000)).freeze();
    kernel.share().lend();
    kernel.close();
    return kernel::giveBack;
  }
}
