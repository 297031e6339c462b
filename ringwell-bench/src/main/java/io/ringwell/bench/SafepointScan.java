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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/// A scan of a whole file beside 50 collections a second, in a JVM of its own, whose log of
/// safepoints [SafepointTurns] reads. Arguments: `windows|channel|map|memory FILE`; `memory` reads
/// no file: it sums up as much of one buffer, so it shows what machine and JVM take by themselves.
public final class SafepointScan {
  private static final long PERIOD_NANOS = 20_000_000;
  private static final int PIECE_BYTES = 1 << 20;
  private static final int MEMORY_TIMES = 10;
  private static final int SUM_BYTES = 16 << 10;
  private static final long WARM_UP_BYTES = 64 << 20;

  private SafepointScan() {}

  /// Scans once; the sum goes to standard output, so that nobody takes the reads away. Collections
  /// begin after a first piece, so that none of them waits for a class to be loaded.
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[1]);
    System.out.println(scan(arguments[0], file, WARM_UP_BYTES));
    Thread.ofPlatform().daemon().start(SafepointScan::collect);
    System.out.println(scan(arguments[0], file, Files.size(file)));
  }

  private static long scan(String by, Path file, long bytes) throws IOException {
    return switch (by) {
      case "windows" -> windows(file, bytes);
      case "channel" -> channel(file, bytes);
      case "map" -> map(file, bytes);
      default -> memory(bytes);
    };
  }

  private static void collect() {
    long next = System.nanoTime();
    while (true) {
      System.gc();
      next = Math.max(next + PERIOD_NANOS, System.nanoTime());
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  private static long windows(Path file, long bytes) throws IOException {
    long sum = 0;
    ReaderOptions options = ReaderOptions.defaults().withHint(AccessHint.SEQUENTIAL);
    try (Engine engine = Engine.open();
        ManagedReader reader = ManagedReader.open(engine, file, options)) {
      for (long at = 0; at < bytes && reader.await(at) == Readiness.READY; ) {
        Window window = reader.window();
        sum += sum(window.segment());
        at = window.end();
      }
    }
    return sum;
  }

  private static long channel(Path file, long bytes) throws IOException {
    long sum = 0;
    ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE_BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (channel.position() < bytes && channel.read(buffer.clear()) > 0) {
        sum += sum(MemorySegment.ofBuffer(buffer.flip()));
      }
    }
    return sum;
  }

  /// For about as long as a disk needs for so much: a tenth of the machine's memory rate.
  private static long memory(long bytes) {
    long sum = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment piece = arena.allocate(PIECE_BYTES);
      for (long done = 0; done < MEMORY_TIMES * bytes; done += PIECE_BYTES) {
        sum += sum(piece);
      }
    }
    return sum;
  }

  private static long map(Path file, long bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      return sum(channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena));
    }
  }

  private static long sum(MemorySegment memory) {
    long sum = 0;
    for (long at = 0; at < memory.byteSize(); at += SUM_BYTES) {
      sum += sum(memory, at, (int) Math.min(SUM_BYTES, memory.byteSize() - at));
    }
    return sum;
  }

  /// The compiler leaves polls out of this loop. The one around it has them, so that a collection
  /// waits for a microsecond of adding up, and else for what is asked here.
  private static long sum(MemorySegment memory, long from, int bytes) {
    long sum = 0;
    for (int i = 0; i <= bytes - Long.BYTES; i += Long.BYTES) {
      sum += memory.get(ValueLayout.JAVA_LONG_UNALIGNED, from + i);
    }
    return sum;
  }
}
