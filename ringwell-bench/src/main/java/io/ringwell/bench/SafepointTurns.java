package io.ringwell.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long collections wait for a thread that scans a cold file ([SafepointScan]): by windows, and
/// by a map, where a page fault holds up whoever wants the JVM to stop. From the JVM's own log.
final class SafepointTurns {
  private static final int ROUNDS = Integer.getInteger("rounds", 3);
  private static final Pattern REACHING = Pattern.compile("Reaching safepoint: +([0-9]+) ns");

  private final DataFile file;

  SafepointTurns(DataFile file) {
    this.file = file;
  }

  void run() throws IOException, InterruptedException {
    List<Long> windows = new ArrayList<>();
    List<Long> map = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      windows.addAll(scan("windows"));
      map.addAll(scan("map"));
    }
    print("windows", windows);
    print("plain scan of a map", map);
  }

  private List<Long> scan(String by) throws IOException, InterruptedException {
    DataFile.dropAll();
    Path log = Files.createTempFile("safepoints", ".log");
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:+UseSerialGC",
                  "-Xmx32m",
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
      List<Long> nanos = new ArrayList<>();
      for (String line : Files.readAllLines(log)) {
        Matcher found = REACHING.matcher(line);
        if (line.contains("Collect") && found.find()) {
          nanos.add(Long.valueOf(found.group(1)));
        }
      }
      return nanos;
    } finally {
      Files.delete(log);
    }
  }

  private static void print(String by, List<Long> nanos) {
    nanos.sort(null);
    System.out.printf(
        Locale.ROOT,
        "%-20s %5d collections, time to safepoint in ms: p50 %.3f, p99 %.3f, max %.3f%n",
        by,
        nanos.size(),
        nanos.get(nanos.size() / 2) / 1e6,
        nanos.get(nanos.size() * 99 / 100) / 1e6,
        nanos.getLast() / 1e6);
  }
}
