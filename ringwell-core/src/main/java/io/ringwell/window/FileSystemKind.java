package io.ringwell.window;

/// What kind of file system a file lies on, as far as it matters to a [Planner].
public enum FileSystemKind {
  EXT("ext4", 0xef53),
  XFS("xfs", 0x58465342),
  BTRFS("btrfs", 0x9123683eL),
  F2FS("f2fs", 0xf2f52010L),
  ZFS("zfs", 0x2fc12fc1),
  OVERLAY("overlayfs", 0x794c7630),
  /// In memory: nothing is ever waited for.
  TMPFS("tmpfs", 0x01021994),
  /// Over a network.
  NFS("nfs", 0x6969),
  /// Over a network.
  SMB("smb", 0xff534d42L),
  /// By a process, which may have the data anywhere.
  FUSE("fuse", 0x65735546),
  OTHER("another file system", -1),
  /// Nobody has asked, or there is no answer here.
  UNKNOWN("a file system that is not known", -1);

  private final String words;

  /// `f_type` of statfs(2), from linux/magic.h.
  private final long magic;

  FileSystemKind(String words, long magic) {
    this.words = words;
    this.magic = magic;
  }

  /// What people call it.
  public String words() {
    return words;
  }

  /// Whether its files are in memory in any case.
  public boolean isMemory() {
    return this == TMPFS;
  }

  /// Whether each question to it takes a round trip to somebody else.
  public boolean isRemote() {
    return this == NFS || this == SMB || this == FUSE;
  }

  /// The kind that statfs(2) calls so.
  static FileSystemKind ofMagic(long told) {
    for (FileSystemKind each : values()) {
      // f_type is signed on some processors; all of these have 32 bits.
      if (each.magic != -1 && each.magic == (told & 0xffffffffL)) {
        return each;
      }
    }
    return OTHER;
  }
}
