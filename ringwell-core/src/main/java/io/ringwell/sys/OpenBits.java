package io.ringwell.sys;

/// The bits of open(2)'s `flags`, for the processor at hand.
public final class OpenBits {
  public static final int RDONLY = 0;
  public static final int WRONLY = 1;
  public static final int RDWR = 2;
  public static final int CREAT = 0x40;
  public static final int EXCL = 0x80;
  public static final int TRUNC = 0x200;
  public static final int APPEND = 0x400;
  public static final int NONBLOCK = 0x800;
  public static final int DSYNC = 0x1000;
  public static final int SYNC = 0x101000;
  public static final int CLOEXEC = 0x80000;

  // The three that asm/fcntl.h of aarch64 moves.
  public static final int DIRECT = Platform.AARCH64 ? 0x10000 : 0x4000;
  public static final int DIRECTORY = Platform.AARCH64 ? 0x4000 : 0x10000;
  public static final int NOFOLLOW = Platform.AARCH64 ? 0x8000 : 0x20000;

  private OpenBits() {}
}
