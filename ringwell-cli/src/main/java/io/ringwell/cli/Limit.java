package io.ringwell.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One resource limit of this process, as `/proc/self/limits` has it (proc_pid_limits(5)).
///
/// @param soft what applies, [#UNLIMITED] where nothing does
/// @param hard what the soft one may be raised to
record Limit(long soft, long hard) {
  static final long UNLIMITED = Long.MAX_VALUE;

  /// Bytes of memory that may be locked (RLIMIT_MEMLOCK).
  static @Nullable Limit lockedMemory() {
    return read("Max locked memory");
  }

  /// Files that may be open (RLIMIT_NOFILE).
  static @Nullable Limit openFiles() {
    return read("Max open files");
  }

  private static @Nullable Limit read(String name) {
    try {
      return parse(Files.readAllLines(Path.of("/proc/self/limits")), name);
    } catch (IOException e) {
      return null;
    }
  }

  static @Nullable Limit parse(List<String> lines, String name) {
    for (String line : lines) {
      if (line.startsWith(name)) {
        String[] words = line.substring(name.length()).strip().split("\\s+", 3);
        return words.length < 2 ? null : new Limit(number(words[0]), number(words[1]));
      }
    }
    return null;
  }

  private static long number(String word) {
    return word.equals("unlimited") ? UNLIMITED : Long.parseLong(word);
  }

  /// For JSON: null where there is no limit.
  static @Nullable Long orNull(long value) {
    return value == UNLIMITED ? null : value;
  }
}
