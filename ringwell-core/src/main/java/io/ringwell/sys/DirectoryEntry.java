package io.ringwell.sys;

/// Where the parts of a `struct linux_dirent64` lie: inode (8 bytes), position (8), length of the
/// record (2), type (1), and the name, which a zero byte ends. See [PlainCalls#getdents64].
public final class DirectoryEntry {
  public static final long RECORD_LENGTH = 16;
  public static final long TYPE = 18;
  public static final long NAME = 19;

  // dirent.h; a file system may leave the type out.
  public static final byte UNKNOWN = 0;
  public static final byte DIRECTORY = 4;
  public static final byte REGULAR = 8;
  public static final byte LINK = 10;

  private DirectoryEntry() {}
}
