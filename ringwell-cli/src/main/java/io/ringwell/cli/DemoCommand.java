package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineInfo;
import io.ringwell.engine.EngineStats;
import io.ringwell.memory.CopyCounter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `ringwell demo`: all of it on generated data, every byte compared, with the figures.
@Command(
    name = "demo",
    sortOptions = false,
    description = {
      "Write, read back, trim and copy generated data, send it to S3 (a server in this",
      "process) and fetch it, and compare every byte.",
      "Ends with exit code 2 where anything differs. Its files are removed."
    })
final class DemoCommand implements Callable<Integer> {
  private static final long MIN_BYTES = 4L << 20;

  private final Standard standard;

  @Option(
      names = "--size",
      converter = ByteSize.Converter.class,
      defaultValue = "256m",
      description = "Size of the file (${DEFAULT-VALUE}).")
  private ByteSize size = new ByteSize(0);

  @Option(
      names = "--dir",
      paramLabel = "D",
      description = "Where its files are made for the time (the system's temporary directory).")
  private @Nullable Path directory;

  DemoCommand(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    if (size.bytes() < MIN_BYTES) {
      throw new UsageException("--size must be at least 4m, not " + size.bytes());
    }
    Path base = directory != null ? directory : Path.of(System.getProperty("java.io.tmpdir"));
    if (!Files.isDirectory(base)) {
      throw new UsageException(base + ": is not a directory; name one with --dir");
    }
    long bytes = size.bytes() - size.bytes() % PatternPass.PART_BYTES;
    Path work = Files.createTempDirectory(base, "ringwell-demo-");
    try (Engine engine = Engine.open()) {
      run(engine, work, bytes);
    } finally {
      remove(work);
    }
    standard.out().println("Every byte was verified; nothing is left behind.");
    return Main.OK;
  }

  private void run(Engine engine, Path work, long bytes) throws IOException {
    Table table = new Table(standard.out());
    Mount mount = Mount.of(work.toRealPath());
    table.row("demo", ByteSize.format(bytes) + " in " + work + where(mount));
    print(engine.info(), table);
    long copiedBefore = CopyCounter.bytesCopied();
    new DemoSteps(engine, work, bytes, table).run();
    EngineStats stats = engine.stats();
    table.row(
        "engine did",
        String.format(
                Locale.ROOT,
                "%,d operations, %s, %.3f system calls each",
                stats.operations(),
                ByteSize.format(stats.bytes()),
                stats.syscallsPerOperation())
            + (stats.enters() == 0
                ? ""
                : ", up to " + stats.largestBatch() + " submitted by one of them"));
    table.row(
        "copied",
        String.format(
            Locale.ROOT,
            "%,d bytes of payload in user memory",
            CopyCounter.bytesCopied() - copiedBefore));
    new DemoObjects(engine, work, table).run(work.resolve("buffered"));
  }

  private static String where(@Nullable Mount mount) {
    return mount == null ? "" : " on " + mount.type();
  }

  private static void print(EngineInfo info, Table table) {
    table.row("engine", info.kind().label() + ": " + info.why());
    table.row("features", String.join(", ", info.features()));
    table.row(
        "degraded", info.degraded().isEmpty() ? "nothing" : String.join("; ", info.degraded()));
  }

  private static void remove(Path work) throws IOException {
    try (Stream<Path> files = Files.walk(work)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(file -> {
            try {
              Files.delete(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
