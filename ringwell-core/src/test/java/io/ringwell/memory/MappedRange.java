package io.ringwell.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One mapping of this process, as proc_pid_smaps(5) has it.
record MappedRange(long start, long end, String rights, Map<String, String> facts) {

  static List<MappedRange> all() throws IOException {
    List<MappedRange> ranges = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      String[] words = line.split("\\s+", 3);
      if (words[0].endsWith(":")) {
        String name = words[0].substring(0, words[0].length() - 1);
        String value = line.substring(words[0].length()).strip();
        ranges.getLast().facts().put(name, value);
      } else {
        String[] bounds = words[0].split("-", 2);
        ranges.add(
            new MappedRange(
                Long.parseUnsignedLong(bounds[0], 16),
                Long.parseUnsignedLong(bounds[1], 16),
                words[1],
                new HashMap<>()));
      }
    }
    return ranges;
  }

  /// The one that holds `address`; null if none does.
  static @Nullable MappedRange of(long address) throws IOException {
    for (MappedRange range : all()) {
      if (range.start <= address && address < range.end) {
        return range;
      }
    }
    return null;
  }

  /// The two letters of each of its flags.
  List<String> flags() {
    return List.of(facts.getOrDefault("VmFlags", "").split(" "));
  }

  /// A fact that is told in KiB, in bytes.
  long bytes(String fact) {
    return Long.parseLong(facts.getOrDefault(fact, "-1 kB").split(" ", 2)[0]) << 10;
  }
}
