package io.ringwell.engine;

import io.ringwell.sys.OpenBits;

/// How [Operation#open] opens a file: bits to join with `|`. Every descriptor is `O_CLOEXEC`.
public final class OpenFlag {
  public static final int READ = 1;
  public static final int WRITE = 1 << 1;

  /// Creates the file where it is missing.
  public static final int CREATE = 1 << 2;

  /// Fails with EEXIST where the file is there (with [#CREATE]).
  public static final int EXCLUSIVE = 1 << 3;

  /// Cuts an existing file to no bytes.
  public static final int TRUNCATE = 1 << 4;

  /// Every write goes to the end of the file, whatever its offset.
  public static final int APPEND = 1 << 5;

  /// Past the page cache (O_DIRECT): memory, offset and length must be aligned.
  public static final int DIRECT = 1 << 6;

  /// A write is complete when its data are on the device (O_DSYNC).
  public static final int DSYNC = 1 << 7;

  /// A write is complete when data and metadata are on the device (O_SYNC).
  public static final int SYNC = 1 << 8;

  /// Fails with ELOOP where the path ends in a symbolic link.
  public static final int NO_FOLLOW = 1 << 9;

  /// Opens a directory, to sync it; fails with ENOTDIR on anything else.
  public static final int DIRECTORY = 1 << 10;

  private OpenFlag() {}

  /// As open(2) of this processor takes them.
  static int toSystem(int flags) {
    int access =
        has(flags, WRITE) ? has(flags, READ) ? OpenBits.RDWR : OpenBits.WRONLY : OpenBits.RDONLY;
    return access
        | OpenBits.CLOEXEC
        | map(flags, CREATE, OpenBits.CREAT)
        | map(flags, EXCLUSIVE, OpenBits.EXCL)
        | map(flags, TRUNCATE, OpenBits.TRUNC)
        | map(flags, APPEND, OpenBits.APPEND)
        | map(flags, DIRECT, OpenBits.DIRECT)
        | map(flags, DSYNC, OpenBits.DSYNC)
        | map(flags, SYNC, OpenBits.SYNC)
        | map(flags, NO_FOLLOW, OpenBits.NOFOLLOW)
        | map(flags, DIRECTORY, OpenBits.DIRECTORY);
  }

  static boolean has(int flags, int flag) {
    return (flags & flag) != 0;
  }

  private static int map(int flags, int flag, int system) {
    return has(flags, flag) ? system : 0;
  }
}
