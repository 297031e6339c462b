package io.ringwell.bench;

import io.ringwell.engine.Engine;
import java.nio.file.Path;

/// Windows, claims and sinks beside what the JDK and fio do, taking turns in one JVM; median of
/// seven, `-Drounds=N` changes that.
///
/// | argument | what |
/// |---|---|
/// | `advance` | windows of 64 KiB of a cached file in order, and a loop of `FileChannel.read` |
/// | `whole`, `whole-cold` | 50,000 small files whole, cached, and after the caches were dropped (root) |
/// | `claims`, `claims-direct` | a file written 64 KiB at a time, through the page cache, and past it |
/// | `routes` | what the planner chooses, and each route forced, over files warm and cold (root) |
/// | `factors` | what the planner's cost factors are here (root) |
/// | `sink`, `sink-direct` | a new file of 1 MiB pieces, through the page cache, and past it |
/// | `sink-beside` | how late a timer is meanwhile, and how much memory it takes |
/// | `safepoint` | how long collections wait for a scan of a cold file (root) |
///
/// `-Dringwell.bench.file=F` names the disk: all files are made there, F itself and F.claims,
/// F.fio, F.cold, F.files.
public final class WindowComparison {
  private static final long CLAIM_FILE_BYTES = 512L << 20;
  private static final long SINK_FILE_BYTES = 2L << 30;
  private static final long COLD_FILE_BYTES = 4L << 30;
  private static final long ROUTE_BYTES = 1L << 30;
  private static final int SCANS = 20;

  private WindowComparison() {}

  /// Runs what the arguments name; the figures go to standard output.
  public static void main(String[] arguments) throws Exception {
    for (String what : arguments) {
      System.out.println(what);
      switch (what) {
        case "advance" -> advance();
        case "whole" -> new WholeTurns(SmallFiles.in(beside(".files")), false).run();
        case "whole-cold" -> new WholeTurns(SmallFiles.in(beside(".files")), true).run();
        case "claims", "claims-direct" -> claims(what.equals("claims-direct"));
        case "routes", "factors" -> routes(what.equals("factors"));
        case "sink", "sink-direct", "sink-beside" -> sink(what);
        case "safepoint" -> new SafepointTurns(made(".cold", COLD_FILE_BYTES)).run();
        default -> throw new IllegalArgumentException("unknown: " + what);
      }
    }
  }

  private static Path beside(String suffix) {
    return Path.of(DataFile.defaultPath() + suffix);
  }

  private static DataFile made(String suffix, long bytes) throws Exception {
    DataFile file = new DataFile(beside(suffix), bytes);
    file.make();
    return file;
  }

  private static void advance() throws Exception {
    DataFile file = DataFile.cached();
    try (Engine engine = Engine.open();
        WindowScan windows = WindowScan.windows(engine, file);
        WindowScan channel = WindowScan.channel(file)) {
      Contest contest = new Contest("windows/s");
      contest.add("FileChannel.read", () -> rate(channel));
      contest.add("windows", () -> rate(windows));
      contest.run();
      System.out.println(windows.plan());
    }
  }

  private static double rate(WindowScan scan) throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < SCANS; i++) {
      scan.scan();
    }
    return (double) SCANS * scan.windowsPerScan() / ((System.nanoTime() - start) / 1e9);
  }

  private static void routes(boolean factors) throws Exception {
    DataFile cached = DataFile.cached();
    DataFile large = new DataFile(made(".cold", COLD_FILE_BYTES).path(), ROUTE_BYTES);
    try (Engine engine = Engine.open()) {
      if (factors) {
        new CostTurns(engine, cached, large).run();
      } else {
        new RouteTurns(engine, cached, large, SmallFiles.in(beside(".files"))).run();
      }
      System.out.println(engine.info());
    }
  }

  private static void claims(boolean direct) throws Exception {
    try (Engine engine = Engine.open()) {
      ClaimTurns turns = new ClaimTurns(engine, made(".claims", CLAIM_FILE_BYTES));
      if (direct) {
        turns.direct(beside(".fio"));
      } else {
        turns.buffered();
      }
    }
  }

  private static void sink(String what) throws Exception {
    try (Engine engine = Engine.open()) {
      SinkTurns turns = new SinkTurns(engine, new DataFile(beside(".sink"), SINK_FILE_BYTES));
      switch (what) {
        case "sink" -> turns.buffered();
        case "sink-direct" -> turns.direct(beside(".fio"));
        default -> turns.beside();
      }
    }
  }
}
