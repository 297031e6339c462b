package io.ringwell.sys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How much memory this process may lock, as proc_pid_limits(5) and proc_pid_status(5) have it.
///
/// Read anew by each [#now], since limits change while a process runs. A process with
/// `CAP_IPC_LOCK` may lock more than the limit says.
///
/// @param bytes the soft limit `RLIMIT_MEMLOCK`; `Long.MAX_VALUE` where there is none, -1 where
///   nobody tells
/// @param lockedBytes what mlock(2) holds by now (`VmLck`); -1 where nobody tells
public record LockLimit(long bytes, long lockedBytes) {
  private static final String LIMIT = "Max locked memory";
  private static final String LOCKED = "VmLck:";

  /// The moment's values. Reads two files of procfs.
  public static LockLimit now() {
    return of(lines("/proc/self/limits"), lines("/proc/self/status"));
  }

  static LockLimit of(List<String> limits, List<String> status) {
    String limit = word(limits, LIMIT);
    String locked = word(status, LOCKED);
    return new LockLimit(
        limit.equals("unlimited") ? Long.MAX_VALUE : number(limit),
        locked.isEmpty() ? -1 : number(locked) << 10); // told in KiB
  }

  private static List<String> lines(String path) {
    try {
      return Files.readAllLines(Path.of(path));
    } catch (IOException e) {
      return List.of(); // no procfs: nobody tells
    }
  }

  /// The first word behind `name`.
  private static String word(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip().split("\\s+", 2)[0])
        .findFirst()
        .orElse("");
  }

  private static long number(String word) {
    return word.isEmpty() ? -1 : Long.parseLong(word);
  }

  @Override
  public String toString() {
    String limit = bytes == Long.MAX_VALUE ? "unlimited" : bytes + " bytes";
    return "RLIMIT_MEMLOCK is "
        + (bytes < 0 ? "unknown" : limit)
        + (lockedBytes < 0 ? "" : ", " + lockedBytes + " bytes are locked already");
  }
}
