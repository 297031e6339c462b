package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// openat2(2) with `RESOLVE_CACHED` (Linux 5.12): opens for reading what is found without asking a
/// device, and never waits, for the writer of a pipe neither.
///
/// `errno` is not captured, as in [CachedRead].
public final class CachedOpen {
  /// The same on every processor.
  private static final long OPENAT2 = 437;

  private static final int RESOLVE_CACHED = 0x20;

  /// `struct open_how`: flags, mode, resolve, each u64.
  private static final long HOW_BYTES = 24;

  private static final MemorySegment HOW = Arena.global().allocate(HOW_BYTES, Long.BYTES);

  private static final @Nullable MethodHandle CALL =
      Platform.SYSCALLS
          ? Native.plain(
                  "syscall",
                  FunctionDescriptor.of(
                      JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                  Linker.Option.firstVariadicArg(1))
              .orElse(null)
          : null;

  static {
    HOW.set(JAVA_LONG, 0, OpenBits.RDONLY | OpenBits.CLOEXEC | OpenBits.NONBLOCK);
    HOW.set(JAVA_LONG, 16, RESOLVE_CACHED);
  }

  private CachedOpen() {}

  public static boolean available() {
    return CALL != null;
  }

  /// The descriptor, negative where it would wait or fails.
  ///
  /// @param path address of the path, ended by a zero byte
  public static int open(long path) {
    MethodHandle call = CALL;
    if (call == null) {
      return -1;
    }
    try {
      return (int) (long) call.invokeExact(OPENAT2, PathCalls.CWD, path, HOW.address(), HOW_BYTES);
    } catch (Throwable t) {
      throw Native.broken("openat2", t);
    }
  }
}
