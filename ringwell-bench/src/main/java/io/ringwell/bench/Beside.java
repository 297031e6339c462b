package io.ringwell.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// What work on a virtual thread does to the rest of the JVM: how late a timer of 1 kHz on another
/// virtual thread is meanwhile, and by how much resident memory grows at the most.
final class Beside {
  private static final int WARM_UP = Integer.getInteger("warmup", 2);
  private static final int ROUNDS = Integer.getInteger("rounds", 5);

  private Beside() {}

  /// What is done beside the timer.
  interface Work {
    void run() throws Exception;
  }

  /// Runs it some times, and prints a line: lateness of all rounds' ticks, and the memory that it
  /// grew by in the worst round.
  static void print(String name, Work work) throws Exception {
    long[] late = {};
    long grown = 0;
    for (int round = 0; round < WARM_UP + ROUNDS; round++) {
      long before = resident("VmRSS");
      // Has the kernel forget the peak: proc(5).
      Files.writeString(Path.of("/proc/self/clear_refs"), "5");
      VirtualTimer timer = VirtualTimer.start();
      runOnVirtualThread(work);
      long[] these = timer.stopLate();
      if (round >= WARM_UP) {
        int had = late.length;
        late = Arrays.copyOf(late, had + these.length);
        System.arraycopy(these, 0, late, had, these.length);
        grown = Math.max(grown, resident("VmHWM") - before);
      }
    }
    Arrays.sort(late);
    System.out.printf(
        Locale.ROOT,
        "%-24s %6d ticks, late by p50 %.3f, p99 %.3f, max %.3f ms; resident memory +%d KiB%n",
        name,
        late.length,
        late[late.length / 2] / 1e6,
        late[late.length * 99 / 100] / 1e6,
        late[late.length - 1] / 1e6,
        grown);
  }

  private static void runOnVirtualThread(Work work) throws InterruptedException {
    FutureTask<Boolean> task =
        new FutureTask<>(() -> {
          work.run();
          return true;
        });
    Thread.ofVirtual().start(task);
    try {
      task.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /// In KiB.
  static long resident(String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("/proc/self/status has no " + field);
  }
}
