package io.ringwell.window;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringwell.engine.FileHandle;
import io.ringwell.sys.FileCalls;
import io.ringwell.sys.PageCacheCalls;
import io.ringwell.sys.PathCalls;
import io.ringwell.sys.Statx;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the kernel says of an open file, for a [Planner]: its file system, and how much of it lies
/// in the page cache. A few microseconds whatever its size, and never a wait for a device; what the
/// kernel does not tell is not known.
final class FileLook {
  /// `struct statfs`, whose first field is the type.
  private static final long STATFS_BYTES = 120;

  /// Counted whole up to this size, in bytes.
  static final long SMALL = 1 << 20;

  /// Of a larger file so many ranges are looked at, at even distances.
  static final int SAMPLES = 8;

  static final long SAMPLE_BYTES = 64 << 10;

  private static final long PAGE_BYTES = 4096;

  private FileLook() {}

  static FileSystemKind fileSystem(FileHandle file) {
    int fd = file.descriptor();
    if (fd < 0) {
      return FileSystemKind.UNKNOWN;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(STATFS_BYTES, Long.BYTES);
      return FileCalls.fstatfs(fd, answer.address()) == 0
          ? FileSystemKind.ofMagic(answer.get(JAVA_LONG, 0))
          : FileSystemKind.UNKNOWN;
    }
  }

  /// From 0 to 1; -1 where it is not known.
  static double cachedShare(FileHandle file, long size) {
    return cachedShare(file, 0, size);
  }

  /// The same of the part from `from` to `to`.
  static double cachedShare(FileHandle file, long from, long to) {
    int fd = file.descriptor();
    long bytes = to - from;
    if (fd < 0 || bytes <= 0) {
      return -1;
    }
    if (bytes <= SMALL) {
      long pages = PageCacheCalls.cachedPages(fd, from, bytes);
      return pages < 0 ? -1 : share(pages, bytes);
    }
    long found = 0;
    for (int i = 0; i < SAMPLES; i++) {
      // The first range and the last are at the ends, where files are looked at most.
      long at = from + (bytes - SAMPLE_BYTES) / (SAMPLES - 1) * i;
      long pages = PageCacheCalls.cachedPages(fd, at - at % PAGE_BYTES, SAMPLE_BYTES);
      if (pages < 0) {
        return -1;
      }
      found += pages;
    }
    return share(found, SAMPLES * SAMPLE_BYTES);
  }

  /// Pages may be larger than here, and have been added since the size was asked for.
  private static double share(long pages, long bytes) {
    long whole = (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
    return Math.min(1, (double) pages / whole);
  }

  /// Where to open a file anew that is open already: this one, even where its path leads elsewhere
  /// by now, as far as the system has a way.
  static Path wayTo(FileHandle file) {
    // proc(5): a descriptor's link opens what the descriptor has open.
    Path link = Path.of("/proc/self/fd/" + file.descriptor());
    return file.descriptor() >= 0 && Files.exists(link) ? link : file.path();
  }

  /// The size now, in bytes, from what is known on this machine: never a wait for a server. -1
  /// where the kernel does not tell.
  static long size(FileHandle file) {
    int fd = file.descriptor();
    if (fd < 0) {
      return -1;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(Statx.BYTES, Long.BYTES);
      int flags = Statx.EMPTY_PATH | Statx.DONT_SYNC;
      int result =
          PathCalls.statx(fd, arena.allocateFrom(""), flags, Statx.SIZE_MASK, answer.address());
      return result < 0 ? -1 : Statx.size(answer);
    }
  }
}
