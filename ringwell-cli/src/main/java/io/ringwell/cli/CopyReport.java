package io.ringwell.cli;

import io.ringwell.file.CopyOptions;
import io.ringwell.file.CopyResult;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What `ringwell cp` did, file by file. For any thread.
final class CopyReport {
  private final Map<String, Integer> routes = new TreeMap<>();
  private final long startNanos = System.nanoTime();
  private long files;
  private long bytes;
  private long dataBytes;
  private long failed;

  void add(CopyResult result) {
    add(label(result.route()), result.size(), result.dataBytes());
  }

  synchronized void add(String route, long size, long data) {
    routes.merge(route, 1, Integer::sum);
    files++;
    bytes += size;
    dataBytes += data;
  }

  void addFailure() {
    addFailures(1);
  }

  synchronized void addFailures(long count) {
    failed += count;
  }

  synchronized boolean anyFailed() {
    return failed > 0;
  }

  static String label(CopyOptions.Route route) {
    return route.name().toLowerCase(Locale.ROOT);
  }

  synchronized Json json(boolean verified) {
    Json byRoute = new Json();
    routes.forEach((route, count) -> byRoute.put(route, (long) count));
    return new Json()
        .put("files", files)
        .put("failed", failed)
        .put("bytes", bytes)
        .put("data_bytes", dataBytes)
        .put("routes", byRoute)
        .put("verified", verified && failed == 0)
        .put("seconds", (System.nanoTime() - startNanos) / 1e9, 3);
  }
}
