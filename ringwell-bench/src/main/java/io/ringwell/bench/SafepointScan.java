package io.ringwell.bench;

import io.ringwell.engine.Engine;
import io.ringwell.window.AccessHint;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.Readiness;
import io.ringwell.window.Window;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/// A scan of a whole file beside 50 collections a second, in a JVM of its own, whose log of
/// safepoints [SafepointTurns] reads. Arguments: `windows|map FILE`.
public final class SafepointScan {
  private static final long PERIOD_NANOS = 20_000_000;

  private SafepointScan() {}

  /// Scans once; the sum goes to standard output, so that nobody takes the reads away.
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[1]);
    Thread.ofPlatform().daemon().start(SafepointScan::collect);
    System.out.println(arguments[0].equals("windows") ? windows(file) : map(file));
  }

  private static void collect() {
    long next = System.nanoTime();
    while (true) {
      System.gc();
      next = Math.max(next + PERIOD_NANOS, System.nanoTime());
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  private static long windows(Path file) throws IOException {
    long sum = 0;
    ReaderOptions options = ReaderOptions.defaults().withHint(AccessHint.SEQUENTIAL);
    try (Engine engine = Engine.open();
        ManagedReader reader = ManagedReader.open(engine, file, options)) {
      for (long at = 0; reader.await(at) == Readiness.READY; ) {
        Window window = reader.window();
        sum += sum(window.segment());
        at = window.end();
      }
    }
    return sum;
  }

  private static long map(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      return sum(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
    }
  }

  private static long sum(MemorySegment memory) {
    long sum = 0;
    for (long at = 0; at <= memory.byteSize() - Long.BYTES; at += Long.BYTES) {
      sum += memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
    }
    return sum;
  }
}
