package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// cachestat(2), Linux 6.5: how many pages of a file lie in the page cache. Through syscall(2), for
/// glibc has no wrapper; its number is the same on every processor.
///
/// What it counts was true a moment ago, and counts pages that are still being read.
public final class PageCacheCalls {
  private static final long CACHESTAT = 451;

  /// `struct cachestat_range`: offset and length.
  private static final long RANGE_BYTES = 16;

  /// `struct cachestat`: five counts, of which the first is of cached pages.
  private static final long ANSWER_BYTES = 40;

  private static final @Nullable MethodHandle CALL =
      Platform.SYSCALLS
          ? Native.withErrno(
                  "syscall",
                  FunctionDescriptor.of(
                      JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT),
                  Linker.Option.firstVariadicArg(1))
              .orElse(null)
          : null;

  private PageCacheCalls() {}

  /// Pages of `length` bytes from `offset` on that are cached; minus the error number where the
  /// kernel does not tell: `ENOSYS` before 6.5, `EPERM` where the caller could not write the file,
  /// `EOPNOTSUPP` for some file systems. Does not wait for a device; takes as long as there are
  /// pages to count.
  public static long cachedPages(int fd, long offset, long length) {
    MethodHandle call = CALL;
    if (call == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment range = arena.allocate(RANGE_BYTES + ANSWER_BYTES, Long.BYTES);
      range.set(JAVA_LONG, 0, offset);
      range.set(JAVA_LONG, Long.BYTES, length);
      long answer = range.address() + RANGE_BYTES;
      long result = (long) call.invokeExact(state, CACHESTAT, fd, range.address(), answer, 0);
      return result < 0 ? -Native.errno(state) : range.get(JAVA_LONG, RANGE_BYTES);
    } catch (Throwable t) {
      throw Native.broken("cachestat", t);
    }
  }
}
