package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// getdents64(2): the entries of a directory with their types, which `java.nio.file` tells only for
/// a further system call each.
///
/// The answer is a row of `struct linux_dirent64`: inode (8 bytes), position (8), length of the
/// record (2), type (1), and the name, which a zero byte ends.
public final class DirectoryCalls {
  public static final long RECORD_LENGTH = 16;
  public static final long TYPE = 18;
  public static final long NAME = 19;

  // dirent.h; a file system may leave the type out.
  public static final byte UNKNOWN = 0;
  public static final byte DIRECTORY = 4;
  public static final byte REGULAR = 8;
  public static final byte LINK = 10;

  private static final @Nullable MethodHandle CALL =
      Platform.SYSCALLS
          ? Native.withErrno(
                  "getdents64", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG))
              .orElse(null)
          : null;

  private DirectoryCalls() {}

  public static boolean available() {
    return CALL != null;
  }

  /// The bytes of entries written to `address`, 0 after the last, or minus the error number.
  public static long getdents64(int fd, long address, long length) {
    MethodHandle call = CALL;
    if (call == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      long result = (long) call.invokeExact(state, fd, address, length);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("getdents64", t);
    }
  }
}
