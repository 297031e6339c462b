package io.ringwell.cli;

import io.ringwell.file.CopyOptions;
import io.ringwell.file.CopyResult;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/// What `ringwell cp` did, file by file.
final class CopyReport {
  private final Map<CopyOptions.Route, Integer> routes = new EnumMap<>(CopyOptions.Route.class);
  private final long startNanos = System.nanoTime();
  private long files;
  private long bytes;
  private long dataBytes;
  private long failed;

  void add(CopyResult result) {
    routes.merge(result.route(), 1, Integer::sum);
    files++;
    bytes += result.size();
    dataBytes += result.dataBytes();
  }

  void addFailure() {
    failed++;
  }

  boolean anyFailed() {
    return failed > 0;
  }

  static String label(CopyOptions.Route route) {
    return route.name().toLowerCase(Locale.ROOT);
  }

  Json json(boolean verified) {
    Json byRoute = new Json();
    routes.forEach((route, count) -> byRoute.put(label(route), count));
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
