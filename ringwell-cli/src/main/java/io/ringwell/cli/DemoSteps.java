package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileInfo;
import io.ringwell.engine.OpCode;
import io.ringwell.engine.OperationException;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.CopyOptions;
import io.ringwell.file.CopyResult;
import io.ringwell.file.DirectFile;
import io.ringwell.file.Durability;
import io.ringwell.file.FileCopy;
import io.ringwell.file.OpenOptions;
import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Locale;

/// What the demo does, one line for each step. Each throws where a byte is wrong.
final class DemoSteps {
  private static final int PART = PatternPass.PART_BYTES;
  private static final int RANDOM_BLOCK = 4096;
  private static final double RANDOM_SECONDS = 0.7;
  private static final double RANDOM_WARM_UP_SECONDS = 0.3;

  private final Engine engine;
  private final Path work;
  private final long bytes;
  private final Table table;

  DemoSteps(Engine engine, Path work, long bytes, Table table) {
    this.engine = engine;
    this.work = work;
    this.bytes = bytes;
    this.table = table;
  }

  void run() throws IOException {
    Path buffered = work.resolve("buffered");
    transfers(buffered, false);
    Path direct = work.resolve("direct");
    try {
      AsyncFile.open(engine, direct, OpenOptions.write().create().direct()).close();
    } catch (OperationException e) {
      table.row("direct", "SKIPPED: " + Failure.describe(e));
      trim(buffered);
      copy(buffered);
      return;
    }
    transfers(direct, true);
    copy(buffered);
    trim(direct);
  }

  private void transfers(Path path, boolean direct) throws IOException {
    String how = direct ? "direct" : "buffered";
    OpenOptions writing = OpenOptions.write().create();
    OpenOptions reading = OpenOptions.read().withHandOff(OpenOptions.HandOff.ALWAYS);
    long start = System.nanoTime();
    try (AsyncFile file = open(path, writing, direct);
        PatternPass pass = new PatternPass(file, moved -> {})) {
      pass.write(0, bytes);
      file.sync(Durability.DATA);
    }
    table.row("write", how + ", and synced: " + rate(start));
    start = System.nanoTime();
    try (AsyncFile file = open(path, reading, direct);
        PatternPass pass = new PatternPass(file, moved -> {})) {
      pass.verify(0, bytes);
    }
    table.row("read", how + ": " + rate(start) + ", verified");
    random(path, direct);
  }

  private AsyncFile open(Path path, OpenOptions options, boolean direct) throws IOException {
    return AsyncFile.open(engine, path, direct ? options.direct() : options);
  }

  private String rate(long startNanos) {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    return String.format(
        Locale.ROOT,
        "%s in %.2f s, %s/s",
        ByteSize.format(bytes),
        seconds,
        ByteSize.format(Math.round(bytes / seconds)));
  }

  private void random(Path path, boolean direct) throws IOException {
    BenchPlan plan =
        new BenchPlan(
            BenchMode.RANDREAD,
            path,
            bytes,
            RANDOM_BLOCK,
            32,
            16,
            1,
            direct,
            false,
            true,
            RANDOM_SECONDS,
            BenchPlan.Api.ACTOR,
            false,
            false);
    BenchRun run = new BenchRun(plan, engine);
    run.run(RANDOM_WARM_UP_SECONDS, 1);
    BenchResult result = run.run(RANDOM_SECONDS, 2);
    table.row(
        "random",
        String.format(
            Locale.ROOT,
            "%s: %,.0f reads/s of 4 KiB, %.0f us each at depth 32, %.3f system calls each,"
                + " verified %,d",
            direct ? "direct" : "buffered",
            result.operations() / result.seconds(),
            result.latencies().meanMicros(),
            (double) result.systemCalls() / result.operations(),
            result.operations()));
  }

  /// Every second MiB is given back: it reads as zeros, its neighbours as before, and the file
  /// takes less storage.
  private void trim(Path path) throws IOException {
    if (!engine.supports(OpCode.PUNCH_HOLE)) {
      table.row("trim", "SKIPPED: this engine cannot punch holes");
      return;
    }
    boolean direct = path.endsWith("direct");
    OpenOptions options = OpenOptions.readWrite();
    try (AsyncFile file = open(path, options, direct)) {
      long before = file.info().allocatedBytes();
      long trimmed = 0;
      try {
        trimmed = direct ? trimBlocks(path) : punch(file);
      } catch (OperationException e) {
        if (!e.errnoName().equals("EOPNOTSUPP")) {
          throw e;
        }
        table.row("trim", "SKIPPED: " + Failure.describe(e));
        return;
      }
      file.sync(Durability.FULL);
      FileInfo after = file.info();
      verifyTrimmed(file);
      // The map of the file grows with the holes in it, and counts as its storage.
      long mapBytes = trimmed / 64;
      if (after.size() != bytes || after.allocatedBytes() > before - trimmed + mapBytes) {
        throw new IOException(
            path
                + ": "
                + trimmed
                + " bytes were trimmed, and its storage went from "
                + before
                + " to "
                + after.allocatedBytes()
                + " bytes");
      }
      table.row(
          "trim",
          ByteSize.format(trimmed)
              + " given back, storage went from "
              + ByteSize.format(before)
              + " to "
              + ByteSize.format(after.allocatedBytes())
              + ", zeros and neighbours verified");
    }
  }

  private long trimBlocks(Path path) throws IOException {
    long trimmed = 0;
    try (DirectFile file = DirectFile.open(engine, path, OpenOptions.readWrite())) {
      for (long at = PART; at < bytes; at += 2L * PART) {
        file.trimBlock(at, PART);
        trimmed += PART;
      }
    }
    return trimmed;
  }

  private long punch(AsyncFile file) throws IOException {
    long trimmed = 0;
    for (long at = PART; at < bytes; at += 2L * PART) {
      file.punchHole(at, PART);
      trimmed += PART;
    }
    return trimmed;
  }

  private void verifyTrimmed(AsyncFile file) throws IOException {
    for (long at = 0; at < bytes; at += PART) {
      try (Bytes part = file.readExactly(at, PART)) {
        boolean hole = at / PART % 2 == 1;
        long wrong = hole ? firstNotZero(part) : Pattern.firstWrong(part.segment(), 0, at, PART);
        if (wrong >= 0) {
          throw new IOException(file.path() + ": wrong contents after trimming near " + at);
        }
      }
    }
  }

  private static long firstNotZero(Bytes part) {
    for (long i = 0; i < part.size(); i += Long.BYTES) {
      if (part.segment().get(ValueLayout.JAVA_LONG_UNALIGNED, i) != 0) {
        return i;
      }
    }
    return -1;
  }

  private void copy(Path source) throws IOException {
    for (CopyOptions.Route route :
        new CopyOptions.Route[] {CopyOptions.Route.AUTO, CopyOptions.Route.RING}) {
      Path target = work.resolve("copy-" + route);
      CopyOptions options = CopyOptions.defaults().withRoute(route);
      long start = System.nanoTime();
      CopyResult result = FileCopy.copy(engine, source, target, options);
      String rate = rate(start);
      long differs = java.nio.file.Files.mismatch(source, target);
      if (differs >= 0) {
        throw new IOException(target + ": differs from " + source + " at offset " + differs);
      }
      table.row(
          "copy",
          "by the route "
              + result.route().name().toLowerCase(Locale.ROOT)
              + ": "
              + rate
              + ", verified");
      if (result.route() == CopyOptions.Route.RING) {
        return;
      }
    }
  }
}
