package io.ringwell.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Virtual threads that read through one peer for some seconds, with a timer beside them.
final class VirtualThreadRun {
  /// What a run showed.
  ///
  /// @param readsPerSecond of all threads together
  /// @param ticksPercent share of its ticks that the timer kept
  /// @param peakThreads platform threads at their most, those of the JVM's own among them
  record Result(double readsPerSecond, double ticksPercent, int peakThreads) {}

  private final Peer peer;
  private final int threads;
  private final LongAdder reads = new LongAdder();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean stopped;

  VirtualThreadRun(Peer peer, int threads) {
    this.peer = peer;
    this.threads = threads;
  }

  Result run(int seconds) throws IOException, InterruptedException {
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      readers.add(peer.reader(i));
    }
    ThreadMXBean platform = ManagementFactory.getThreadMXBean();
    platform.resetPeakThreadCount();
    VirtualTimer timer = VirtualTimer.start();
    long start = System.nanoTime();
    List<Thread> started = new ArrayList<>();
    for (Reader reader : readers) {
      started.add(Thread.startVirtualThread(() -> loop(reader)));
    }
    Thread.sleep(seconds * 1000L);
    double ticks = timer.stop();
    long count = reads.sum();
    long nanos = System.nanoTime() - start;
    int peak = platform.getPeakThreadCount();
    stopped = true;
    for (Thread thread : started) {
      thread.join();
    }
    readers.forEach(Reader::close);
    Throwable failed = failure.get();
    if (failed != null) {
      throw new IOException(failed);
    }
    return new Result(count * 1e9 / nanos, ticks, peak);
  }

  private void loop(Reader reader) {
    try {
      while (!stopped) {
        reader.read(1);
        reads.increment();
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }
}
