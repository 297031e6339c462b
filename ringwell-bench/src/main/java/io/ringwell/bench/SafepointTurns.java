package io.ringwell.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long collections wait for a thread that scans a cold file ([SafepointScan]): by windows, by
/// `FileChannel.read`, and by a map, where a page fault holds up whoever wants the JVM to stop; and
/// for one that only adds up memory, which nobody can be better than. From the JVM's own log.
final class SafepointTurns {
  private static final int ROUNDS = Integer.getInteger("rounds", 3);
  private static final List<String> CONTENDERS = List.of("memory", "windows", "channel", "map");
  private static final Pattern ONLY = Pattern.compile(System.getProperty("only", ""));
  private static final Pattern REACHING =
      Pattern.compile("Reaching safepoint: +([0-9]+) ns.*Threads: ([0-9]+) runnable");

  /// How long one collection waited.
  ///
  /// @param forThread whether a thread was running when it began to, which had to come to a poll;
  ///   else the JVM's own thread had no processor
  private record Wait(long nanos, boolean forThread) {}

  private final DataFile file;

  SafepointTurns(DataFile file) {
    this.file = file;
  }

  void run() throws IOException, InterruptedException {
    Map<String, List<Wait>> all = new LinkedHashMap<>();
    for (int i = 0; i < ROUNDS; i++) {
      for (String by : CONTENDERS) {
        if (ONLY.matcher(by).find()) {
          all.computeIfAbsent(by, key -> new ArrayList<>()).addAll(scan(by));
        }
      }
    }
    all.forEach(SafepointTurns::print);
  }

  private List<Wait> scan(String by) throws IOException, InterruptedException {
    DataFile.dropAll();
    Path log = Files.createTempFile("safepoints", ".log");
    long start = System.nanoTime();
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:+UseSerialGC",
                  "-Xmx32m",
                  // As G1 has it; else this collector's compiler leaves polls out of counted loops,
                  // and a collection waits for the end of a sum, which is not what is asked here.
                  "-XX:+UseCountedLoopSafepoints",
                  "-XX:LoopStripMiningIter=1000",
                  "-Xlog:safepoint:file=" + log,
                  "-cp",
                  System.getProperty("java.class.path"),
                  SafepointScan.class.getName(),
                  by,
                  file.path().toString())
              .inheritIO()
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor() != 0) {
        throw new IOException("the scan by " + by + " ended with " + process.exitValue());
      }
      System.out.printf(Locale.ROOT, "%-20s %.1f s%n", by, (System.nanoTime() - start) / 1e9);
      List<Wait> waits = new ArrayList<>();
      for (String line : Files.readAllLines(log)) {
        Matcher found = REACHING.matcher(line);
        if (line.contains("Collect") && found.find()) {
          waits.add(new Wait(Long.parseLong(found.group(1)), !found.group(2).equals("0")));
        }
      }
      return waits;
    } finally {
      Files.delete(log);
    }
  }

  private static void print(String by, List<Wait> waits) {
    waits.sort(Comparator.comparingLong(Wait::nanos));
    List<Wait> forThreads = waits.stream().filter(Wait::forThread).toList();
    System.out.printf(
        Locale.ROOT,
        "%-20s %5d collections, time to safepoint in ms: %s; %d waited for a thread: %s%n",
        by,
        waits.size(),
        spread(waits),
        forThreads.size(),
        forThreads.isEmpty() ? "-" : spread(forThreads));
  }

  private static String spread(List<Wait> sorted) {
    return String.format(
        Locale.ROOT,
        "p50 %.3f, p99 %.3f, max %.3f",
        sorted.get(sorted.size() / 2).nanos / 1e6,
        sorted.get(sorted.size() * 99 / 100).nanos / 1e6,
        sorted.getLast().nanos / 1e6);
  }
}
