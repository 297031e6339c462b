package io.ringwell.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What statx(2) says of a file.
///
/// @param size in bytes
/// @param allocatedBytes of storage; less than `size` where the file is sparse
/// @param mode type and permission bits, as st_mode; 0 where the engine cannot know them
/// @param blockSize the preferred size of a transfer, in bytes
/// @param birth creation, where the file system keeps it
/// @param directMemoryAlign the alignment that O_DIRECT wants of memory, in bytes; 0 where the file
///   takes no direct I/O, -1 where the kernel (before 6.1) or engine does not tell
/// @param directOffsetAlign the same for offset and length
public record FileInfo(
    long size,
    long allocatedBytes,
    int mode,
    int uid,
    int gid,
    long inode,
    long device,
    int blockSize,
    Instant accessed,
    Instant modified,
    Instant changed,
    @Nullable Instant birth,
    int directMemoryAlign,
    int directOffsetAlign) {
  private static final int TYPE_MASK = 0xf000;
  private static final int DIRECTORY = 0x4000;
  private static final int REGULAR = 0x8000;
  private static final int SYMBOLIC_LINK = 0xa000;
  private static final int BLOCK_DEVICE = 0x6000;

  private static final int USUAL_BLOCK_BYTES = 4096;

  /// What `Files` knows.
  static FileInfo portable(long size, int type, Instant accessed, Instant modified, Instant birth) {
    return new FileInfo(
        size,
        size,
        type,
        0,
        0,
        0,
        0,
        USUAL_BLOCK_BYTES,
        accessed,
        modified,
        modified,
        birth,
        -1,
        -1);
  }

  /// What an open file without a name knows.
  static FileInfo ofSize(long size) {
    return portable(size, REGULAR, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH);
  }

  public boolean isDirectory() {
    return (mode & TYPE_MASK) == DIRECTORY;
  }

  public boolean isRegularFile() {
    return (mode & TYPE_MASK) == REGULAR;
  }

  public boolean isSymbolicLink() {
    return (mode & TYPE_MASK) == SYMBOLIC_LINK;
  }

  public boolean isBlockDevice() {
    return (mode & TYPE_MASK) == BLOCK_DEVICE;
  }

  /// The permission bits alone, such as 0644.
  public int permissions() {
    return mode & 0xfff;
  }
}
