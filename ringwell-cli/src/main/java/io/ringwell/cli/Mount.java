package io.ringwell.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A mounted file system, as a line of `/proc/self/mountinfo` has it (proc_pid_mountinfo(5)).
///
/// @param point where it is mounted
/// @param type such as `ext4`
/// @param source the device, or what the file system calls itself
/// @param options such as `rw,relatime`
record Mount(Path point, String type, String source, String options) {
  /// The one that holds `path`, which is absolute and free of links; null where it cannot be found
  /// out.
  static @Nullable Mount of(Path path) {
    try {
      return find(Files.readAllLines(Path.of("/proc/self/mountinfo")), path);
    } catch (IOException e) {
      return null;
    }
  }

  /// The deepest mount point above `path`; of two on one point the later, which covers the other.
  static @Nullable Mount find(List<String> lines, Path path) {
    Mount best = null;
    for (String line : lines) {
      Mount mount = parse(line);
      if (mount != null
          && path.startsWith(mount.point)
          && (best == null || mount.point.getNameCount() >= best.point.getNameCount())) {
        best = mount;
      }
    }
    return best;
  }

  /// `36 35 98:0 /root /point rw,noatime master:1 - ext3 /dev/root rw,errors=continue`; the number
  /// of fields before the dash varies.
  static @Nullable Mount parse(String line) {
    String[] halves = line.split(" - ", 2);
    String[] first = halves[0].split(" ", 7);
    String[] second = halves.length < 2 ? new String[0] : halves[1].split(" ", 3);
    if (first.length < 6 || second.length < 2) {
      return null;
    }
    return new Mount(Path.of(unescape(first[4])), second[0], unescape(second[1]), first[5]);
  }

  /// Space, tab, newline and backslash are written as three octal digits.
  private static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 3 < text.length()) {
        plain.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
