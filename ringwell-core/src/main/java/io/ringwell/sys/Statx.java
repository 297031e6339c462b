package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/// `struct statx` of `linux/stat.h`: its fields read from 256 bytes of memory.
public final class Statx {
  public static final int BYTES = 256;

  /// `STATX_BASIC_STATS | STATX_BTIME | STATX_DIOALIGN`.
  public static final int MASK = 0x7ff | 0x800 | 0x2000;

  /// `STATX_SIZE`.
  public static final int SIZE_MASK = 0x200;

  /// `AT_STATX_DONT_SYNC`: what this machine knows, without asking a server.
  public static final int DONT_SYNC = 0x4000;

  /// `AT_EMPTY_PATH`: the descriptor itself.
  public static final int EMPTY_PATH = 0x1000;

  /// `AT_SYMLINK_NOFOLLOW`.
  public static final int NOFOLLOW = 0x100;

  private static final int MASK_BTIME = 0x800;
  private static final int MASK_DIOALIGN = 0x2000;

  private Statx() {}

  private static int mask(MemorySegment s) {
    return s.get(JAVA_INT, 0);
  }

  public static int blockSize(MemorySegment s) {
    return s.get(JAVA_INT, 4);
  }

  public static int uid(MemorySegment s) {
    return s.get(JAVA_INT, 20);
  }

  public static int gid(MemorySegment s) {
    return s.get(JAVA_INT, 24);
  }

  public static int mode(MemorySegment s) {
    return Short.toUnsignedInt(s.get(JAVA_SHORT, 28));
  }

  public static long inode(MemorySegment s) {
    return s.get(JAVA_LONG, 32);
  }

  public static long size(MemorySegment s) {
    return s.get(JAVA_LONG, 40);
  }

  /// Allocated space, in units of 512 bytes.
  public static long sectors(MemorySegment s) {
    return s.get(JAVA_LONG, 48);
  }

  public static long accessSeconds(MemorySegment s) {
    return s.get(JAVA_LONG, 64);
  }

  public static int accessNanos(MemorySegment s) {
    return s.get(JAVA_INT, 72);
  }

  public static boolean hasBirth(MemorySegment s) {
    return (mask(s) & MASK_BTIME) != 0;
  }

  public static long birthSeconds(MemorySegment s) {
    return s.get(JAVA_LONG, 80);
  }

  public static int birthNanos(MemorySegment s) {
    return s.get(JAVA_INT, 88);
  }

  public static long changeSeconds(MemorySegment s) {
    return s.get(JAVA_LONG, 96);
  }

  public static int changeNanos(MemorySegment s) {
    return s.get(JAVA_INT, 104);
  }

  public static long modifySeconds(MemorySegment s) {
    return s.get(JAVA_LONG, 112);
  }

  public static int modifyNanos(MemorySegment s) {
    return s.get(JAVA_INT, 120);
  }

  public static int deviceMajor(MemorySegment s) {
    return s.get(JAVA_INT, 136);
  }

  public static int deviceMinor(MemorySegment s) {
    return s.get(JAVA_INT, 140);
  }

  /// Alignment of memory for O_DIRECT; 0 where the file does not take it or the kernel (before 6.1)
  /// does not tell.
  public static int directMemoryAlign(MemorySegment s) {
    return (mask(s) & MASK_DIOALIGN) == 0 ? 0 : s.get(JAVA_INT, 152);
  }

  /// Alignment of offset and length for O_DIRECT; 0 as in [#directMemoryAlign].
  public static int directOffsetAlign(MemorySegment s) {
    return (mask(s) & MASK_DIOALIGN) == 0 ? 0 : s.get(JAVA_INT, 156);
  }

  /// Whether the kernel told the alignment at all.
  public static boolean tellsDirectAlign(MemorySegment s) {
    return (mask(s) & MASK_DIOALIGN) != 0;
  }
}
