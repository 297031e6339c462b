package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// The few system calls that reading files one after another takes, through syscall(2): all by one
/// handle, since binding each function of libc by one of its own costs a command that is over in a
/// tenth of a second ten milliseconds for each (as [FileCalls] and its neighbours do).
///
/// Each returns what the call returns, or minus the error number ([Errno]). All may block. Memory
/// is passed by address: the caller keeps it alive until the call is back. Only where [#available].
public final class PlainCalls {
  // arch/x86/entry/syscalls/syscall_64.tbl, and for aarch64 asm-generic/unistd.h.
  private static final long READ = Platform.AARCH64 ? 63 : 0;
  private static final long PREAD64 = Platform.AARCH64 ? 67 : 17;
  private static final long OPENAT = Platform.AARCH64 ? 56 : 257;
  private static final long CLOSE = Platform.AARCH64 ? 57 : 3;
  private static final long GETDENTS64 = Platform.AARCH64 ? 61 : 217;
  private static final long STATX = Platform.AARCH64 ? 291 : 332;

  private static final @Nullable MethodHandle CALL =
      Platform.SYSCALLS
          ? Native.withErrno(
                  "syscall",
                  FunctionDescriptor.of(
                      JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                  Linker.Option.firstVariadicArg(1))
              .orElse(null)
          : null;

  private PlainCalls() {}

  public static boolean available() {
    return CALL != null;
  }

  private static long call(long number, long a, long b, long c, long d, long e) {
    MethodHandle call = CALL;
    if (call == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      long result = (long) call.invokeExact(state, number, a, b, c, d, e);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("syscall", t);
    }
  }

  /// openat(2) from the working directory, to read: `flags` as [OpenBits]. The descriptor.
  public static int open(long path, int flags) {
    return (int) call(OPENAT, PathCalls.CWD, path, flags, 0, 0);
  }

  /// close(2).
  public static int close(int fd) {
    return (int) call(CLOSE, fd, 0, 0, 0, 0);
  }

  /// read(2) at the descriptor's own position.
  public static long read(int fd, long address, long length) {
    return call(READ, fd, address, length, 0, 0);
  }

  /// pread(2).
  public static long pread(int fd, long address, long length, long offset) {
    return call(PREAD64, fd, address, length, offset, 0);
  }

  /// statx(2) into the 256 bytes at `answer`.
  public static int statx(int directory, long path, int flags, int mask, long answer) {
    return (int) call(STATX, directory, path, flags, mask, answer);
  }

  /// getdents64(2): the entries of a directory with their types, which `java.nio.file` tells only
  /// for a further system call each. The bytes written to `address`, 0 after the last.
  ///
  /// They are a row of `struct linux_dirent64`, of which [DirectoryEntry] has the layout.
  public static long getdents64(int fd, long address, long length) {
    return call(GETDENTS64, fd, address, length, 0, 0);
  }
}
