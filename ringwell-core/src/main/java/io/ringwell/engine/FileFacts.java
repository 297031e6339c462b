package io.ringwell.engine;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringwell.sys.FileCalls;
import io.ringwell.sys.PathCalls;
import io.ringwell.sys.Statx;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What an engine needs to know of a file for as long as it is open.
///
/// @param seekable whether it has offsets and an end: a regular file or a block device
/// @param memoryAlign what direct I/O wants of memory, in bytes
/// @param offsetAlign what direct I/O wants of offset and length, in bytes
/// @param puntsWrites whether its file system cannot take a buffered write without blocking, so
///   that io_uring hands every one to a kernel worker: ext4, which answers EOPNOTSUPP to
///   IOCB_NOWAIT (fs/ext4/file.c, ext4_buffered_write_iter)
record FileFacts(
    boolean seekable, boolean directory, int memoryAlign, int offsetAlign, boolean puntsWrites) {
  /// Good for every device in use where the kernel (before 6.1) does not tell.
  private static final int SAFE_ALIGN = 4096;

  private static final int STATFS_BYTES = 120;
  private static final long EXT4_MAGIC = 0xef53;

  static final FileFacts SOCKET = new FileFacts(false, false, 1, 1, false);

  static final FileFacts PORTABLE = new FileFacts(true, false, 1, 1, false);

  /// Asks the kernel: two calls that look at memory only.
  static FileFacts of(int descriptor, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(Statx.BYTES, Long.BYTES);
      MemorySegment empty = arena.allocateFrom("");
      int result =
          PathCalls.statx(descriptor, empty, Statx.EMPTY_PATH, Statx.MASK, answer.address());
      if (result < 0) {
        return new FileFacts(true, false, SAFE_ALIGN, SAFE_ALIGN, false);
      }
      FileInfo info = StatKind.decode(answer);
      boolean seekable = info.isRegularFile() || info.isBlockDevice();
      boolean buffered =
          OpenFlag.has(flags, OpenFlag.WRITE) && !OpenFlag.has(flags, OpenFlag.DIRECT);
      return new FileFacts(
          seekable,
          info.isDirectory(),
          align(info.directMemoryAlign()),
          align(info.directOffsetAlign()),
          seekable && buffered && isExt4(descriptor, arena));
    }
  }

  private static int align(int told) {
    return told > 0 ? told : SAFE_ALIGN;
  }

  private static boolean isExt4(int descriptor, Arena arena) {
    MemorySegment answer = arena.allocate(STATFS_BYTES, Long.BYTES);
    return FileCalls.fstatfs(descriptor, answer.address()) == 0
        && answer.get(JAVA_LONG, 0) == EXT4_MAGIC;
  }
}
