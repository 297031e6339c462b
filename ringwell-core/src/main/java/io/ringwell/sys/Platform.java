package io.ringwell.sys;

import java.nio.ByteOrder;
import java.util.Locale;

/// Which operating system and processor this JVM runs on.
///
/// The constants that differ between x86-64 and aarch64 come from the kernel's
/// `arch/*/include/uapi/asm/fcntl.h`; all others are in `include/uapi/asm-generic/fcntl.h`.
public final class Platform {
  private static final String OS = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
  private static final String ARCH = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);

  public static final boolean LINUX = OS.startsWith("linux");
  public static final boolean X86_64 = ARCH.equals("amd64") || ARCH.equals("x86_64");
  public static final boolean AARCH64 = ARCH.equals("aarch64") || ARCH.equals("arm64");

  /// Whether the system calls bound here have the numbers, flags and structure layouts we encode.
  public static final boolean SYSCALLS =
      LINUX && (X86_64 || AARCH64) && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private Platform() {}

  /// One line for reports, such as `linux amd64 6.18.44`.
  public static String describe() {
    return OS + " " + ARCH + " " + System.getProperty("os.version", "?");
  }
}
