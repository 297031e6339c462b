package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// The system calls that move bytes from or to an open file, under their own names. They answer as
/// those of [FileCalls] do.
public final class TransferCalls {
  private TransferCalls() {}

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
        Native.bind("pread", -1, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
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
        Native.bind("pwrite", -1, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
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
        Native.bind("preadv2", -1, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
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
        Native.bind("pwritev2", -1, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
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
        Native.bind("read", -1, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
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
        Native.bind("write", -1, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
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
        Native.bind(
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
        Native.bind(
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
}
