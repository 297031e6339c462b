package io.ringwell.net;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Looks whether a test of many rounds comes on. Where it does not, it prints where all threads
/// are, virtual ones too, each place once, and interrupts the test, which fails by that.
final class RoundWatch implements AutoCloseable {
  /// Many times what a round takes on a machine that has other work.
  private static final long LONGEST_SECONDS = 90;

  private final Thread test = Thread.currentThread();
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private volatile long since = System.nanoTime();
  private boolean told;

  RoundWatch() {
    var _ = looks.scheduleWithFixedDelay(this::look, 5, 5, TimeUnit.SECONDS);
  }

  /// The next round begins.
  void next() {
    since = System.nanoTime();
  }

  private void look() {
    if (told || System.nanoTime() - since < TimeUnit.SECONDS.toNanos(LONGEST_SECONDS)) {
      return;
    }
    told = true;
    System.out.println("a round takes more than " + LONGEST_SECONDS + " s:\n" + whereThreadsAre());
    test.interrupt();
  }

  /// Each stack once, and behind how many threads have it.
  private static String whereThreadsAre() {
    try {
      Path file = Files.createTempDirectory("ringwell-threads").resolve("dump").toAbsolutePath();
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
      Map<String, Integer> stacks = new TreeMap<>();
      for (String thread : Files.readString(file).split("\n\n", -1)) {
        int stack = thread.indexOf('\n');
        stacks.merge(stack < 0 ? thread : thread.substring(stack), 1, Integer::sum);
      }
      Files.delete(file);
      Files.delete(file.getParent());
      StringBuilder text = new StringBuilder();
      stacks.forEach(
          (stack, count) -> text.append(count).append(" times").append(stack).append('\n'));
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
