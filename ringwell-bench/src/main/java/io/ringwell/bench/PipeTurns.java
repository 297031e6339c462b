package io.ringwell.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.FutureTask;

/// Turns in which one thread writes into a pipe what another reads, and what both allocate.
final class PipeTurns {
  /// Of pieces of 64 KiB; a quarter of it of smaller ones.
  private static final long TURN_BYTES = 2L << 30;

  private static final int LARGE_PIECE = 64 << 10;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final String name;
  private final Carry carry;
  private final long total;
  private final List<Long> allocated = new ArrayList<>();

  PipeTurns(String name, Carry carry) {
    this.name = name;
    this.carry = carry;
    this.total = carry.piece() < LARGE_PIECE ? TURN_BYTES / 4 : TURN_BYTES;
  }

  /// Bytes of one kind that go through one pipe, in pieces.
  interface Carry {
    int piece();

    void write(long total) throws Exception;

    void read(long total) throws Exception;
  }

  void enter(Contest contest) {
    contest.add(name, this::run);
  }

  /// MiB a second.
  private double run() throws Exception {
    FutureTask<Long> writing = new FutureTask<>(() -> bytesOf(() -> carry.write(total)));
    long start = System.nanoTime();
    Thread writer = Thread.ofPlatform().name("writer").start(writing);
    long read = bytesOf(() -> carry.read(total));
    writer.join();
    long nanos = System.nanoTime() - start;
    allocated.add(read + writing.get());
    return total / 1048576.0 / (nanos / 1e9);
  }

  private interface Body {
    void run() throws Exception;
  }

  /// What `body` allocates.
  private static long bytesOf(Body body) throws Exception {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    body.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  /// Of the last turn, in which all is compiled.
  void printAllocated() {
    if (allocated.isEmpty()) {
      return;
    }
    long writes = total / carry.piece();
    System.out.printf(
        Locale.ROOT,
        "%s: %,d B allocated by both threads for %,d writes, %.4f B each%n",
        name,
        allocated.getLast(),
        writes,
        (double) allocated.getLast() / writes);
  }
}
