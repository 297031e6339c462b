package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// The system calls that take a path, under their own names. They answer as those of [FileCalls]
/// do.
public final class PathCalls {
  /// `AT_FDCWD`: paths are relative to the working directory.
  public static final int CWD = -100;

  private PathCalls() {}

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
        Native.bind("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
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
        Native.bind("statx", -1, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG);
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
        Native.bind("renameat2", -1, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
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
        Native.bind("unlinkat", -1, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
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
        Native.bind("mkdirat", -1, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  }
}
