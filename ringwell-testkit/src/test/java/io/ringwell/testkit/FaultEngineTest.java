package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Each fault happens, and only the faults that were asked for.
@Timeout(60)
final class FaultEngineTest {
  private static final int NEW_FILE = OpenFlag.READ | OpenFlag.WRITE | OpenFlag.CREATE;
  private static final int EINTR = 4;
  private static final int EIO = 5;
  private static final int ENOSPC = 28;
  private static final int ECANCELED = 125;
  private static final Duration DELAY = Duration.ofMillis(3);

  @TempDir Path directory;

  private static FaultEngine faulty(Engines kind, FaultPlan plan) {
    return new FaultEngine(kind.open(EngineOptions.defaults()), plan);
  }

  private static FaultPlan plan(
      double shortened, double interrupted, double delayed, double failed) {
    return new FaultPlan(Seeds.first(), shortened, interrupted, 0, delayed, DELAY, 0, failed, 0);
  }

  @Test
  void ratesOutsideOfZeroToOneAreRefused() {
    assertThatThrownBy(() -> plan(1.1, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> plan(0, -0.1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> plan(0, 0, 0, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(FaultPlan.benign(1).isBenign()).isTrue();
    assertThat(FaultPlan.harsh(1).isBenign()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Engines.class)
  void shortenedAttemptsAreContinued(Engines kind) throws IOException {
    RecordingEngine recording = new RecordingEngine(kind.open(EngineOptions.defaults()));
    try (Engine engine = new FaultEngine(recording, plan(1, 0, 0, 0));
        IoBuffer buffer = engine.pool().acquire(1 << 20)) {
      FileHandle file = engine.open(directory.resolve("short"), NEW_FILE, 0644);
      Operation op = new Operation().write(file, buffer, 0, 1 << 20, 0);
      assertThat(ContractCase.run(engine, op)).isEqualTo(1 << 20);
      assertThat(recording.spans()).hasSizeGreaterThan(2);
      assertThat(recording.spans()).allMatch(span -> span.isWithin(buffer.address(), 1 << 20));
    }
  }

  /// The file system may take no direct I/O, and the JDK's channels take none here.
  @ParameterizedTest
  @CsvSource({"URING, false", "URING, true", "THREADS, false", "THREADS, true"})
  void directWriteThatStopsOffItsGridGoesOnFromTheGrid(Engines kind, boolean vectored)
      throws IOException {
    int length = 1 << 20;
    Path own = TestFiles.newDirectory("grid");
    byte[] content = ContractCase.pattern(3, length);
    try (FaultEngine engine = faulty(kind, plan(1, 0, 0, 0));
        IoBuffer back = engine.pool().acquire(length);
        Bytes bytes = filled(engine, content)) {
      FileHandle file;
      try {
        file = engine.open(own.resolve("direct"), NEW_FILE | OpenFlag.DIRECT, 0644);
      } catch (OperationException e) {
        abort(String.valueOf(e.getMessage()));
        return;
      }
      for (long at = 0; at < 20L * length; at += length) {
        Operation write = new Operation();
        if (vectored) {
          // The memory is lent: the handle may be closed before the write has stepped back.
          try (BytesChain chain =
              BytesChain.of(
                  bytes.slice(0, 4096),
                  bytes.slice(4096, 100 * 4096),
                  bytes.slice(101 * 4096, length - 101 * 4096))) {
            engine.submit(write.writev(file, chain, at));
          }
        } else {
          engine.submit(write.write(file, bytes, 0, length, at));
        }
        assertThat(write.await()).isEqualTo(length);
        back.segment().fill((byte) 0);
        Operation read = new Operation().read(file, back, 0, length, at);
        assertThat(ContractCase.run(engine, read)).isEqualTo(length);
        assertThat(ContractCase.content(back, length)).isEqualTo(content);
      }
    } finally {
      TestFiles.delete(own);
    }
  }

  /// The cancel may come between the completion of a link, of which nobody has been told yet, and
  /// the start of the next, when the kernel knows neither.
  @ParameterizedTest
  @EnumSource(Engines.class)
  void cancelReachesALinkWhileTheResultBeforeItIsHeldBack(Engines kind) throws IOException {
    try (FaultEngine engine = faulty(kind, plan(0, 0, 1, 0));
        IoBuffer buffer = engine.pool().acquire(4096)) {
      FileHandle file = engine.open(directory.resolve("links"), NEW_FILE, 0644);
      for (int i = 0; i < 100; i++) {
        Operation write = new Operation().write(file, buffer, 0, 4096, 0);
        Operation timeout = new Operation().timeout(Duration.ofHours(1));
        write.linkTo(new Operation().fsync(file)).linkTo(timeout);
        engine.submit(write);
        engine.cancel(timeout);
        ContractCase.failed(ECANCELED, timeout);
        assertThat(write.await()).isEqualTo(4096);
      }
    }
  }

  private static Bytes filled(Engine engine, byte[] content) throws IOException {
    IoBuffer buffer = engine.pool().acquire(content.length);
    ContractCase.fill(buffer, content);
    return buffer.freeze();
  }

  @ParameterizedTest
  @EnumSource(Engines.class)
  void endlessInterruptionIsToldInTheEnd(Engines kind) {
    try (Engine engine = faulty(kind, new FaultPlan(1, 0, 1, 0, 0, Duration.ZERO, 0, 0, 0))) {
      Operation op = new Operation().nop();
      assertThatThrownBy(() -> ContractCase.run(engine, op))
          .isInstanceOfSatisfying(
              OperationException.class, e -> assertThat(e.errno()).isEqualTo(EINTR));
    }
  }

  @ParameterizedTest
  @EnumSource(Engines.class)
  void lateCompletionsOvertakeEachOther(Engines kind) throws IOException {
    try (Engine engine = faulty(kind, plan(0, 0, 1, 0))) {
      CompletionQueue queue = new CompletionQueue();
      List<Operation> submitted = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        submitted.add(new Operation().nop().notifying(queue));
        engine.submit(submitted.getLast());
      }
      List<Operation> told = new ArrayList<>();
      while (told.size() < submitted.size()) {
        told.add(queue.take());
      }
      assertThat(told).containsExactlyInAnyOrderElementsOf(submitted).isNotEqualTo(submitted);
    }
  }

  @Test
  void closeTellsWhatWasHeldBack() throws IOException {
    FaultPlan late = new FaultPlan(1, 0, 0, 0, 1, Duration.ofMillis(300), 0, 0, 0);
    Engine engine = faulty(Engines.THREADS, late);
    List<Operation> ops = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ops.add(new Operation().nop());
      engine.submit(ops.getLast());
    }
    engine.close();
    assertThat(ops).allMatch(Operation::isDone);
  }

  @Test
  void sameSeedMakesTheSameFaults() throws IOException {
    assertThat(errors(7)).isEqualTo(errors(7)).isNotEqualTo(errors(8)).contains(EIO);
  }

  private List<Integer> errors(long seed) throws IOException {
    FaultPlan failing = new FaultPlan(seed, 0, 0, 0, 0, Duration.ZERO, 0, 0.5, 0);
    List<Integer> errors = new ArrayList<>();
    try (Engine engine = faulty(Engines.THREADS, failing)) {
      for (int i = 0; i < 50; i++) {
        Operation op = new Operation().statx(directory, true);
        engine.submit(op);
        try {
          op.await();
        } catch (OperationException e) {
          assertThat(e.errno()).isEqualTo(EIO);
        }
        errors.add(op.errno());
      }
    }
    return errors;
  }

  /// Errors may hit anything at any moment; what succeeds must be right all the same.
  @ParameterizedTest
  @EnumSource(Engines.class)
  void whatSucceedsAmongErrorsIsRight(Engines kind) throws IOException {
    for (long seed = Seeds.first(); seed < Seeds.first() + 10; seed++) {
      FaultEngine engine = faulty(kind, FaultPlan.harsh(seed));
      new HarshRun(engine, opened(engine), new SplittableRandom(seed)).run(300);
      Guarded.run("closing, seed " + seed, Duration.ofSeconds(20), engine::close);
      assertThat(engine.pool().stats().inUseBytes()).as("seed %d", seed).isZero();
      assertThat(engine.pool().stats().damaged()).as("seed %d", seed).isZero();
    }
  }

  private FileHandle opened(Engine engine) throws IOException {
    while (true) {
      try {
        return engine.open(directory.resolve("harsh"), NEW_FILE | OpenFlag.TRUNCATE, 0644);
      } catch (OperationException e) {
        assertThat(e.errno()).isIn(EIO, ENOSPC, ECANCELED);
      }
    }
  }

  /// Writes and reads blocks, of which it knows those that were written without an error.
  private static final class HarshRun {
    private static final int BLOCKS = 16;
    private static final int BLOCK = 20_000;

    private final Engine engine;
    private final FileHandle file;
    private final SplittableRandom random;
    private final byte[][] known = new byte[BLOCKS][];

    HarshRun(Engine engine, FileHandle file, SplittableRandom random) {
      this.engine = engine;
      this.file = file;
      this.random = random;
    }

    void run(int count) throws IOException {
      int failed = 0;
      for (int i = 0; i < count; i++) {
        int block = random.nextInt(BLOCKS);
        failed += random.nextBoolean() ? write(block) : read(block);
      }
      assertThat(failed).isPositive().isLessThan(count);
    }

    private int write(int block) throws IOException {
      byte[] content = ContractCase.pattern(random.nextLong(), BLOCK);
      known[block] = new byte[0];
      try (IoBuffer buffer = engine.pool().acquire(BLOCK)) {
        ContractCase.fill(buffer, content);
        Operation op = new Operation().write(file, buffer, 0, BLOCK, (long) block * BLOCK);
        engine.submit(op);
        if (!succeeds(op)) {
          return 1;
        }
        assertThat(op.transferred()).isEqualTo(BLOCK);
        known[block] = content;
        return 0;
      }
    }

    private int read(int block) throws IOException {
      try (IoBuffer buffer = engine.pool().acquire(BLOCK)) {
        Operation op = new Operation().read(file, buffer, 0, BLOCK, (long) block * BLOCK);
        engine.submit(op);
        if (!succeeds(op)) {
          return 1;
        }
        byte[] content = known[block];
        if (content != null && content.length > 0) {
          byte[] got = ContractCase.content(buffer, op.transferred());
          assertThat(Arrays.mismatch(got, content)).isEqualTo(-1);
        }
        return 0;
      }
    }

    private static boolean succeeds(Operation op) throws IOException {
      try {
        op.await();
        return true;
      } catch (OperationException e) {
        assertThat(e.errno()).as(e.getMessage()).isIn(EIO, ENOSPC, ECANCELED);
        return false;
      }
    }
  }
}
