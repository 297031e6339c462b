package io.ringwell.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Drops the machine's page cache, which takes root.
final class PageCache {
  private static final Path SWITCH = Path.of("/proc/sys/vm/drop_caches");

  private PageCache() {}

  /// Refuses early, before anything is made.
  static void requireDroppable() {
    if (!Files.isWritable(SWITCH)) {
      throw new UsageException(
          "--cold drops the machine's page cache through "
              + SWITCH
              + ", which takes root; run as root, or leave --cold out");
    }
  }

  /// Clean pages alone are dropped (Documentation/admin-guide/sysctl/vm.rst), so sync before.
  static void drop() throws IOException {
    Files.writeString(SWITCH, "1\n");
  }
}
