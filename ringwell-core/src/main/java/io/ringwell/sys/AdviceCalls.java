package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// The system calls that tell the kernel what memory or a file is going to be used for, under their
/// own names. They answer as those of [FileCalls] do.
public final class AdviceCalls {
  private AdviceCalls() {}

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
        Native.bind("madvise", -1, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
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
        Native.bind("posix_fadvise", -1, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  }
}
