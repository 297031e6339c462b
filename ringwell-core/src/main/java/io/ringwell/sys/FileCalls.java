package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// The system calls on an open file that move no bytes ([TransferCalls]), one method each, under
/// their own names.
///
/// Each returns what the call returns, or minus the error number ([Errno]); a call that this libc
/// lacks answers `-ENOSYS`. All may block the calling thread, and pin a virtual one. Memory is
/// passed by address: the caller keeps it alive until the call is back. So do those of
/// [TransferCalls], [PathCalls] and [AdviceCalls].
public final class FileCalls {
  private FileCalls() {}

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
    static final @Nullable MethodHandle HANDLE = Native.bind("close", -1, JAVA_INT, JAVA_INT);
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
    static final @Nullable MethodHandle HANDLE = Native.bind("fsync", -1, JAVA_INT, JAVA_INT);
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
    static final @Nullable MethodHandle HANDLE = Native.bind("fdatasync", -1, JAVA_INT, JAVA_INT);
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
        Native.bind("sync_file_range", -1, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
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
        Native.bind("fallocate", -1, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
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
        Native.bind("ftruncate", -1, JAVA_INT, JAVA_INT, JAVA_LONG);
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
        Native.bind("lseek", -1, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
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
        Native.bind("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
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
        Native.bind("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
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
    static final @Nullable MethodHandle HANDLE =
        Native.bind("fstatfs", -1, JAVA_INT, JAVA_INT, JAVA_LONG);
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
    static final @Nullable MethodHandle HANDLE =
        Native.bind("fchmod", -1, JAVA_INT, JAVA_INT, JAVA_INT);
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
        Native.bind("futimens", -1, JAVA_INT, JAVA_INT, JAVA_LONG);
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
        Native.bind("poll", -1, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  }
}
