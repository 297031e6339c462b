package io.ringwell.bench;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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

/// Random reads of 4 KiB from one file that lies in the page cache, in reads a second; every peer
/// in a JVM of its own, on the same file.
///
/// An invocation is 4096 reads and ends with none in flight: what it costs to fill and drain 32 is
/// less than a hundredth of it.
///
/// `-prof gc` shows the bytes allocated for each read (`gc.alloc.rate.norm`): RINGWELL_ACTOR and
/// RINGWELL_TRY_NOW allocate nothing for a read, so what they show is the JVM's own start-up and
/// shrinks as iterations grow. `-t 2` has two threads share the peer, each with memory and
/// operations of its own.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 3)
public class RandomRead4k {
  private static final int READS = 4096;

  public RandomRead4k() {}

  /// The peer, shared by all threads.
  @State(Scope.Benchmark)
  public static class Opened {
    /// All of them, unless `-p peer=` names some.
    @Param public @Nullable PeerName peer;

    private @Nullable Peer opened;
    private final AtomicLong seeds = new AtomicLong();

    public Opened() {}

    /// Opens it on the file, which is in the page cache then.
    @Setup
    public void open() throws IOException {
      opened = Objects.requireNonNull(peer).open(DataFile.cached());
    }

    /// Closes it when the threads are done.
    @TearDown
    public void close() throws IOException {
      if (opened != null) {
        opened.close();
      }
    }
  }

  /// One thread's loop.
  @State(Scope.Thread)
  public static class Mine {
    private @Nullable Reader reader;

    public Mine() {}

    /// Takes its memory.
    @Setup
    public void open(Opened opened) throws IOException {
      reader = Objects.requireNonNull(opened.opened).reader(opened.seeds.incrementAndGet());
    }

    /// Gives its memory back.
    @TearDown
    public void close() {
      if (reader != null) {
        reader.close();
      }
    }
  }

  /// Reads blocks.
  @Benchmark
  @OperationsPerInvocation(READS)
  public void read(Mine mine) throws IOException, InterruptedException {
    Objects.requireNonNull(mine.reader).read(READS);
  }
}
