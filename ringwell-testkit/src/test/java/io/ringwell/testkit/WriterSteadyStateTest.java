package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.management.ThreadMXBean;
import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.memory.PoolOptions;
import io.ringwell.window.Appender;
import io.ringwell.window.Commit;
import io.ringwell.window.ManagedWriter;
import io.ringwell.window.WriteClaim;
import io.ringwell.window.WriterOptions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a claim costs when all is warm: no allocation, on the thread that writes. Not where
/// segments are checked: there each claim has a buffer, and a guard, of its own.
@Timeout(120)
final class WriterSteadyStateTest {
  private static final int DEPTH = 8;
  private static final int SIZE = 4096;
  private static final int PLACES = 32;
  private static final int WARM_UP = 20_000;
  private static final int MEASURED = 10_000;

  /// Of a measurement, in bytes: far less than a word for each claim.
  private static final long NOISE_BYTES = 4096;

  /// How long the compilers may take to have compiled it all.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final WriteClaim[] claims = new WriteClaim[DEPTH];
  private final Commit[] commits = new Commit[DEPTH];
  private Engine engine;
  private Path directory;
  private ManagedWriter writer;

  @BeforeEach
  void open() throws IOException {
    directory = TestFiles.newDirectory("writer-steady");
    engine = Engines.uring(EngineOptions.defaults().withInFlight(64));
    writer = ManagedWriter.open(engine, directory.resolve("file"), WriterOptions.defaults());
    for (int i = 0; i < DEPTH; i++) {
      claims[i] = new WriteClaim();
      commits[i] = new Commit();
    }
  }

  @AfterEach
  void close() throws IOException {
    writer.close();
    engine.close();
    TestFiles.delete(directory);
  }

  private interface Work {
    void run(int count) throws IOException;
  }

  /// One round has to be without: a compiler that is behind leaves code to the interpreter.
  private static void expectNoAllocation(Work work) throws IOException {
    assumeFalse(PoolOptions.defaults().strict(), "segments are checked, which allocates");
    work.run(WARM_UP);
    long allocated = Long.MAX_VALUE;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (allocated > NOISE_BYTES && System.nanoTime() < end) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      work.run(MEASURED);
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(allocated)
        .as("bytes on this thread for %d claims", MEASURED)
        .isLessThanOrEqualTo(NOISE_BYTES);
  }

  @Test
  void polledClaimsAllocateNothing() throws IOException {
    expectNoAllocation(this::pollClaims);
  }

  /// Several on their way, each looked after by polling.
  private void pollClaims(int count) throws IOException {
    int begun = 0;
    int running = 0;
    boolean[] busy = new boolean[DEPTH];
    while (begun < count || running > 0) {
      for (int i = 0; i < DEPTH; i++) {
        if (busy[i] && commits[i].isDone()) {
          if (commits[i].failure() != null) {
            throw new AssertionError(commits[i].failure());
          }
          busy[i] = false;
          running--;
        }
        if (!busy[i] && begun < count) {
          // Each slot has places of its own: one may be overtaken by any number of others.
          long position = (long) (begun % PLACES * DEPTH + i) * SIZE;
          if (!writer.tryBeginWrite(claims[i], position, SIZE)) {
            continue;
          }
          claims[i].segment().set(ValueLayout.JAVA_BYTE, 0, (byte) begun);
          writer.commit(commits[i], claims[i]);
          busy[i] = true;
          running++;
          begun++;
        }
      }
    }
  }

  @Test
  void appendsAllocateNothing() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment line = arena.allocate(100);
      expectNoAllocation(count -> append(line, count));
    }
  }

  /// The claims behind it are waited for now and then, by the thread itself.
  private void append(MemorySegment line, int count) throws IOException {
    Appender appender = writer.appender(0);
    for (int i = 0; i < count; i++) {
      appender.append(line);
    }
    appender.close();
  }
}
