package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// The system calls on files, one method each, under their own names.
///
/// Each returns what the call returns, or minus the error number ([Errno]); a call that this libc
/// lacks answers `-ENOSYS`. All may block the calling thread, and pin a virtual one. Memory is
/// passed by address: the caller keeps it alive until the call is back.
public final class FileCalls {
  /// `AT_FDCWD`: paths are relative to the working directory.
  public static final int CWD = -100;

  private FileCalls() {}

  private static @Nullable MethodHandle bind(
      String name, int variadicFrom, MemoryLayout result, MemoryLayout... arguments) {
    Linker.Option[] options =
        variadicFrom < 0
            ? new Linker.Option[0]
            : new Linker.Option[] {Linker.Option.firstVariadicArg(variadicFrom)};
    return Native.withErrno(name, FunctionDescriptor.of(result, arguments), options).orElse(null);
  }

  /// open(2). The descriptor.
  public static int open(MemorySegment path, int flags, int mode) {
    MethodHandle handle = Open.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, path, flags, mode);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("open", t);
    }
  }

  private static final class Open {
    static final @Nullable MethodHandle HANDLE =
        bind("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  }

  /// close(2).
  public static int close(int fd) {
    MethodHandle handle = Close.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, fd);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("close", t);
    }
  }

  private static final class Close {
    static final @Nullable MethodHandle HANDLE = bind("close", -1, JAVA_INT, JAVA_INT);
  }

  /// pread(2) into memory at `address`.
  public static long pread(int fd, long address, long length, long offset) {
    MethodHandle handle = Pread.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      long result = (long) handle.invokeExact(state, fd, address, length, offset);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("pread", t);
    }
  }

  private static final class Pread {
    static final @Nullable MethodHandle HANDLE =
        bind("pread", -1, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  }

  /// pwrite(2) from memory at `address`.
  public static long pwrite(int fd, long address, long length, long offset) {
    MethodHandle handle = Pwrite.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      long result = (long) handle.invokeExact(state, fd, address, length, offset);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("pwrite", t);
    }
  }

  private static final class Pwrite {
    static final @Nullable MethodHandle HANDLE =
        bind("pwrite", -1, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  }

  /// preadv2(2); `vectors` is the address of an array of `struct iovec`.
  public static long preadv2(int fd, long vectors, int count, long offset, int flags) {
    MethodHandle handle = Preadv2.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      long result = (long) handle.invokeExact(state, fd, vectors, count, offset, flags);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("preadv2", t);
    }
  }

  private static final class Preadv2 {
    static final @Nullable MethodHandle HANDLE =
        bind("preadv2", -1, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
  }

  /// pwritev2(2); `vectors` as in [#preadv2].
  public static long pwritev2(int fd, long vectors, int count, long offset, int flags) {
    MethodHandle handle = Pwritev2.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      long result = (long) handle.invokeExact(state, fd, vectors, count, offset, flags);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("pwritev2", t);
    }
  }

  private static final class Pwritev2 {
    static final @Nullable MethodHandle HANDLE =
        bind("pwritev2", -1, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
  }

  /// read(2) at the descriptor's own position.
  public static long read(int fd, long address, long length) {
    MethodHandle handle = Read.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      long result = (long) handle.invokeExact(state, fd, address, length);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("read", t);
    }
  }

  private static final class Read {
    static final @Nullable MethodHandle HANDLE =
        bind("read", -1, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
  }

  /// write(2) at the descriptor's own position.
  public static long write(int fd, long address, long length) {
    MethodHandle handle = Write.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      long result = (long) handle.invokeExact(state, fd, address, length);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("write", t);
    }
  }

  private static final class Write {
    static final @Nullable MethodHandle HANDLE =
        bind("write", -1, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
  }

  /// fsync(2).
  public static int fsync(int fd) {
    MethodHandle handle = Fsync.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, fd);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("fsync", t);
    }
  }

  private static final class Fsync {
    static final @Nullable MethodHandle HANDLE = bind("fsync", -1, JAVA_INT, JAVA_INT);
  }

  /// fdatasync(2).
  public static int fdatasync(int fd) {
    MethodHandle handle = Fdatasync.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, fd);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("fdatasync", t);
    }
  }

  private static final class Fdatasync {
    static final @Nullable MethodHandle HANDLE = bind("fdatasync", -1, JAVA_INT, JAVA_INT);
  }

  /// sync_file_range(2).
  public static int syncFileRange(int fd, long offset, long length, int flags) {
    MethodHandle handle = SyncFileRange.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, fd, offset, length, flags);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("sync_file_range", t);
    }
  }

  private static final class SyncFileRange {
    static final @Nullable MethodHandle HANDLE =
        bind("sync_file_range", -1, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  }

  /// fallocate(2).
  public static int fallocate(int fd, int mode, long offset, long length) {
    MethodHandle handle = Fallocate.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, fd, mode, offset, length);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("fallocate", t);
    }
  }

  private static final class Fallocate {
    static final @Nullable MethodHandle HANDLE =
        bind("fallocate", -1, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
  }

  /// ftruncate(2).
  public static int ftruncate(int fd, long size) {
    MethodHandle handle = Ftruncate.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, fd, size);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("ftruncate", t);
    }
  }

  private static final class Ftruncate {
    static final @Nullable MethodHandle HANDLE =
        bind("ftruncate", -1, JAVA_INT, JAVA_INT, JAVA_LONG);
  }

  /// statx(2) into the 256 bytes at `answer`.
  public static int statx(int directory, MemorySegment path, int flags, int mask, long answer) {
    MethodHandle handle = Statx.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, directory, path, flags, mask, answer);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("statx", t);
    }
  }

  private static final class Statx {
    static final @Nullable MethodHandle HANDLE =
        bind("statx", -1, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG);
  }

  /// renameat2(2).
  public static int renameat2(
      int fromDirectory, MemorySegment from, int toDirectory, MemorySegment to, int flags) {
    MethodHandle handle = Renameat2.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, fromDirectory, from, toDirectory, to, flags);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("renameat2", t);
    }
  }

  private static final class Renameat2 {
    static final @Nullable MethodHandle HANDLE =
        bind("renameat2", -1, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  }

  /// unlinkat(2).
  public static int unlinkat(int directory, MemorySegment path, int flags) {
    MethodHandle handle = Unlinkat.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, directory, path, flags);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("unlinkat", t);
    }
  }

  private static final class Unlinkat {
    static final @Nullable MethodHandle HANDLE =
        bind("unlinkat", -1, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  }

  /// mkdirat(2).
  public static int mkdirat(int directory, MemorySegment path, int mode) {
    MethodHandle handle = Mkdirat.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, directory, path, mode);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("mkdirat", t);
    }
  }

  private static final class Mkdirat {
    static final @Nullable MethodHandle HANDLE =
        bind("mkdirat", -1, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  }

  /// madvise(2).
  public static int madvise(long address, long length, int advice) {
    MethodHandle handle = Madvise.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, address, length, advice);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("madvise", t);
    }
  }

  private static final class Madvise {
    static final @Nullable MethodHandle HANDLE =
        bind("madvise", -1, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  }

  /// posix_fadvise(3), which returns its error instead of setting `errno`.
  public static int fadvise(int fd, long offset, long length, int advice) {
    MethodHandle handle = Fadvise.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, fd, offset, length, advice);
      return -result;
    } catch (Throwable t) {
      throw Native.broken("posix_fadvise", t);
    }
  }

  private static final class Fadvise {
    static final @Nullable MethodHandle HANDLE =
        bind("posix_fadvise", -1, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  }

  /// splice(2); the offsets are addresses of a `loff_t`, or 0.
  public static long splice(
      int from, long fromOffset, int to, long toOffset, long length, int flags) {
    MethodHandle handle = Splice.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      long result = (long) handle.invokeExact(state, from, fromOffset, to, toOffset, length, flags);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("splice", t);
    }
  }

  private static final class Splice {
    static final @Nullable MethodHandle HANDLE =
        bind(
            "splice", -1, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  }

  /// copy_file_range(2); the offsets are addresses of a `loff_t`, or 0.
  public static long copyFileRange(
      int from, long fromOffset, int to, long toOffset, long length, int flags) {
    MethodHandle handle = CopyFileRange.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      long result = (long) handle.invokeExact(state, from, fromOffset, to, toOffset, length, flags);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("copy_file_range", t);
    }
  }

  private static final class CopyFileRange {
    static final @Nullable MethodHandle HANDLE =
        bind(
            "copy_file_range",
            -1,
            JAVA_LONG,
            JAVA_INT,
            JAVA_LONG,
            JAVA_INT,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_INT);
  }

  /// ioctl(2) with a number or an address as argument.
  public static int ioctl(int fd, long request, long argument) {
    MethodHandle handle = Ioctl.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, fd, request, argument);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("ioctl", t);
    }
  }

  private static final class Ioctl {
    static final @Nullable MethodHandle HANDLE =
        bind("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
  }

  /// fcntl(2) with a number or an address as argument.
  public static int fcntl(int fd, int command, long argument) {
    MethodHandle handle = Fcntl.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, fd, command, argument);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("fcntl", t);
    }
  }

  private static final class Fcntl {
    static final @Nullable MethodHandle HANDLE =
        bind("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
  }

  /// lseek(2).
  public static long lseek(int fd, long offset, int whence) {
    MethodHandle handle = Lseek.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      long result = (long) handle.invokeExact(state, fd, offset, whence);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("lseek", t);
    }
  }

  private static final class Lseek {
    static final @Nullable MethodHandle HANDLE =
        bind("lseek", -1, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
  }

  /// fstatfs(2) into the 120 bytes at `answer`.
  public static int fstatfs(int fd, long answer) {
    MethodHandle handle = Fstatfs.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, fd, answer);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("fstatfs", t);
    }
  }

  private static final class Fstatfs {
    static final @Nullable MethodHandle HANDLE = bind("fstatfs", -1, JAVA_INT, JAVA_INT, JAVA_LONG);
  }

  /// fchmod(2).
  public static int fchmod(int fd, int mode) {
    MethodHandle handle = Fchmod.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, fd, mode);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("fchmod", t);
    }
  }

  private static final class Fchmod {
    static final @Nullable MethodHandle HANDLE = bind("fchmod", -1, JAVA_INT, JAVA_INT, JAVA_INT);
  }

  /// fchown(2).
  public static int fchown(int fd, int owner, int group) {
    MethodHandle handle = Fchown.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, fd, owner, group);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("fchown", t);
    }
  }

  private static final class Fchown {
    static final @Nullable MethodHandle HANDLE =
        bind("fchown", -1, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  }

  /// futimens(3): two `struct timespec`, access and modification.
  public static int futimens(int fd, long times) {
    MethodHandle handle = Futimens.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, fd, times);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("futimens", t);
    }
  }

  private static final class Futimens {
    static final @Nullable MethodHandle HANDLE =
        bind("futimens", -1, JAVA_INT, JAVA_INT, JAVA_LONG);
  }

  /// isatty(3): 1 for a terminal.
  public static int isatty(int fd) {
    MethodHandle handle = Isatty.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, fd);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("isatty", t);
    }
  }

  private static final class Isatty {
    static final @Nullable MethodHandle HANDLE = bind("isatty", -1, JAVA_INT, JAVA_INT);
  }

  /// poll(2) on `count` `struct pollfd` at `descriptors`; a negative limit waits without end.
  public static int poll(long descriptors, long count, int timeoutMillis) {
    MethodHandle handle = Poll.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, descriptors, count, timeoutMillis);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("poll", t);
    }
  }

  private static final class Poll {
    static final @Nullable MethodHandle HANDLE =
        bind("poll", -1, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  }

  /// eventfd(2). The descriptor.
  public static int eventfd(int initial, int flags) {
    MethodHandle handle = Eventfd.HANDLE;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, initial, flags);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("eventfd", t);
    }
  }

  private static final class Eventfd {
    static final @Nullable MethodHandle HANDLE = bind("eventfd", -1, JAVA_INT, JAVA_INT, JAVA_INT);
  }
}
