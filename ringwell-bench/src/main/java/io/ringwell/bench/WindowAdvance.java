package io.ringwell.bench;

import io.ringwell.engine.Engine;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// A cached file of 64 MiB, read in order by windows of 64 KiB, and by `FileChannel.read` into one
/// direct buffer, in nanoseconds a window. `-prof gc` shows what a window allocates. For a ratio
/// see [WindowComparison], where the two take turns.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2)
@State(Scope.Thread)
public class WindowAdvance {
  private static final int WINDOWS = 1024;

  /// Who reads: WINDOWS, CHANNEL.
  @Param({"WINDOWS", "CHANNEL"})
  public String by = "";

  private @Nullable Engine engine;
  private @Nullable WindowScan scan;

  public WindowAdvance() {}

  /// Opens the file, which is in the page cache then.
  @Setup
  public void open() throws IOException {
    DataFile file = new DataFile(DataFile.defaultPath(), (long) WINDOWS * WindowScan.WINDOW_BYTES);
    file.make();
    file.warm();
    Engine opened = Engine.open();
    engine = opened;
    scan = by.equals("WINDOWS") ? WindowScan.windows(opened, file) : WindowScan.channel(file);
  }

  @TearDown
  public void close() throws IOException {
    Objects.requireNonNull(scan).close();
    Objects.requireNonNull(engine).close();
  }

  /// All windows of the file.
  @Benchmark
  @OperationsPerInvocation(WINDOWS)
  public long advance() throws IOException {
    return Objects.requireNonNull(scan).scan();
  }
}
