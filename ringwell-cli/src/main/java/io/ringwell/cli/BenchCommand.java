package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.Durability;
import io.ringwell.file.OpenOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringwell bench`: one kind of I/O on one file, as fast as it goes, with its figures.
@Command(
    name = "bench",
    sortOptions = false,
    description = {
      "Measure one kind of I/O on a file, as fast as it goes.",
      "A missing file is made; what it holds tells its offset, so that --verify can",
      "check every block read. The same loop runs for a second before it is measured."
    })
final class BenchCommand implements Callable<Integer> {
  private static final int MAX_BLOCK = 1 << 28;
  private static final int MAX_DEPTH = 4096;
  private static final int MAX_JOBS = 65536;

  /// Which engine carries the operations out.
  enum EngineName {
    URING,
    THREADS
  }

  /// Where reads are carried out.
  enum HandOff {
    ALWAYS,
    AUTO
  }

  private final Standard standard;

  @Parameters(
      index = "0",
      paramLabel = "MODE",
      description = "randread, randwrite, seqread or seqwrite.")
  private BenchMode mode = BenchMode.RANDREAD;

  @Option(names = "--file", required = true, paramLabel = "F", description = "The file.")
  private Path file = Path.of("");

  @Option(
      names = "--size",
      converter = ByteSize.Converter.class,
      defaultValue = "1g",
      description = "How much of the file is used (${DEFAULT-VALUE}).")
  private ByteSize size = new ByteSize(0);

  @Option(
      names = "--block",
      converter = ByteSize.Converter.class,
      defaultValue = "4k",
      description = "Bytes of one operation (${DEFAULT-VALUE}).")
  private ByteSize block = new ByteSize(0);

  @Option(
      names = "--depth",
      defaultValue = "32",
      description = "Operations in flight for each job (${DEFAULT-VALUE}).")
  private int depth;

  @Option(
      names = "--batch",
      defaultValue = "16",
      description = "Operations handed over at once (${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--jobs",
      defaultValue = "1",
      description = "Threads (${DEFAULT-VALUE}); virtual ones with --api vthread.")
  private int jobs;

  @Option(names = "--direct", description = "Past the page cache (O_DIRECT).")
  private boolean direct;

  @Option(names = "--cold", description = "Drop the machine's page cache before (needs root).")
  private boolean cold;

  @Option(names = "--verify", description = "Check every block read.")
  private boolean verify;

  @Option(
      names = "--seconds",
      defaultValue = "3",
      description = "How long to measure (${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--warmup",
      paramLabel = "<seconds>",
      defaultValue = "1",
      description = "How long the loop runs before (${DEFAULT-VALUE}).")
  private double warmUp;

  @Option(
      names = "--api",
      defaultValue = "actor",
      description = {
        "actor: batches through the engine, collected from a completion queue (default).",
        "ring: the raw ring, with registered file and memory.",
        "vthread: --jobs virtual threads, each with one blocking operation at a time."
      })
  private BenchPlan.Api api = BenchPlan.Api.ACTOR;

  @Option(
      names = "--handoff",
      defaultValue = "auto",
      description = {
        "always: every operation goes through the ring's thread.",
        "auto: page-cache hits are answered on the caller's thread (default)."
      })
  private HandOff handOff = HandOff.AUTO;

  @Option(names = "--engine", description = "uring or threads; else the best there is.")
  private @Nullable EngineName engineName;

  @Option(
      names = "--ticks",
      description = "Run a 1 kHz timer on a virtual thread, and tell the ticks it kept.")
  private boolean ticks;

  @Option(names = "--force", description = "Overwrite a file that this command did not make.")
  private boolean force;

  @Option(names = "--json", description = "Print one JSON object on one line.")
  private boolean json;

  BenchCommand(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    BenchPlan plan = plan();
    if (cold) {
      PageCache.requireDroppable();
    }
    EngineOptions options = plan.engineOptions(engineOptions());
    BenchResult result;
    try (Engine engine = Engine.open(options)) {
      new BenchFile(engine, standard).prepare(plan, force);
      BenchRun run = new BenchRun(plan, engine);
      if (warmUp > 0) {
        run.run(warmUp, 1);
      }
      if (cold) {
        dropCache(engine);
      }
      result = run.run(seconds, 2);
    }
    if (json) {
      standard.out().println(result.json(plan, warmUp));
    } else {
      result.print(plan, warmUp, new Table(standard.out()));
    }
    return Main.OK;
  }

  private void dropCache(Engine engine) throws IOException {
    try (AsyncFile opened = AsyncFile.open(engine, file, OpenOptions.read())) {
      opened.sync(Durability.FULL);
    }
    PageCache.drop();
  }

  private EngineOptions engineOptions() {
    EngineOptions defaults = EngineOptions.defaults();
    if (api == BenchPlan.Api.RING) {
      if (engineName == EngineName.THREADS) {
        throw new UsageException("--api ring is io_uring itself; leave --engine threads out");
      }
      // It opens the file, and stands aside.
      return defaults.withChoice(EngineOptions.Choice.THREADS);
    }
    if (engineName == null) {
      return defaults;
    }
    return defaults.withChoice(
        engineName == EngineName.URING ? EngineOptions.Choice.URING : EngineOptions.Choice.THREADS);
  }

  private BenchPlan plan() {
    require("--block", block.bytes(), Pattern.WORD_BYTES, MAX_BLOCK);
    if (block.bytes() % Pattern.WORD_BYTES != 0) {
      throw new UsageException("--block must be a multiple of 8 bytes, not " + block.bytes());
    }
    require("--size", size.bytes(), block.bytes(), Long.MAX_VALUE / 2);
    require("--depth", depth, 1, MAX_DEPTH);
    require("--batch", batch, 1, MAX_DEPTH);
    require("--jobs", jobs, 1, MAX_JOBS);
    if (!(seconds > 0 && seconds <= 86_400)) {
      throw new UsageException("--seconds must be above 0 and at most 86400, not " + seconds);
    }
    if (!(warmUp >= 0 && warmUp <= 3600)) {
      throw new UsageException("--warmup must be from 0 to 3600 seconds, not " + warmUp);
    }
    boolean tryCache =
        handOff == HandOff.AUTO && !direct && !mode.writes && api != BenchPlan.Api.RING;
    int ownDepth = api == BenchPlan.Api.VTHREAD ? 1 : depth;
    return new BenchPlan(
        mode,
        file,
        size.bytes() - size.bytes() % block.bytes(),
        (int) block.bytes(),
        ownDepth,
        Math.min(batch, ownDepth),
        jobs,
        direct,
        cold,
        verify,
        seconds,
        api,
        tryCache,
        ticks);
  }

  private static void require(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new UsageException(name + " must be from " + min + " to " + max + ", not " + value);
    }
  }
}
