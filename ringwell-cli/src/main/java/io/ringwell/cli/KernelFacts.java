package io.ringwell.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the kernel says of itself.
///
/// @param name such as `Linux 6.18.44 amd64`
/// @param uringDisabled the setting `kernel.io_uring_disabled`; -1 where the kernel (before 6.6)
///   has none
record KernelFacts(String name, int uringDisabled) {
  static KernelFacts read() {
    String name =
        System.getProperty("os.name", "?")
            + " "
            + System.getProperty("os.version", "?")
            + " "
            + System.getProperty("os.arch", "?");
    int disabled = -1;
    try {
      String text = Files.readString(Path.of("/proc/sys/kernel/io_uring_disabled")).strip();
      disabled = Integer.parseInt(text);
    } catch (IOException | NumberFormatException e) {
      // An older kernel, or none of Linux.
    }
    return new KernelFacts(name, disabled);
  }

  /// What the setting means (Documentation/admin-guide/sysctl/kernel.rst).
  String disabledMeaning() {
    return switch (uringDisabled) {
      case -1 -> "io_uring_disabled: this kernel has no such setting";
      case 0 -> "io_uring_disabled = 0: every process may use io_uring";
      case 1 ->
          "io_uring_disabled = 1: only processes with CAP_SYS_ADMIN, or of the group"
              + " io_uring_group, may use io_uring";
      default -> "io_uring_disabled = " + uringDisabled + ": no process may use io_uring";
    };
  }
}
