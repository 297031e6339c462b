package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// eventfd(2): what a thread that sleeps in the kernel is woken with.
public final class EventFd {
  /// `EFD_CLOEXEC`; blocking, so that a read of it in a ring is not answered at once.
  private static final int FLAGS = OpenBits.CLOEXEC;

  private static final @Nullable MethodHandle OPEN =
      Native.bind("eventfd", -1, JAVA_INT, JAVA_INT, JAVA_INT);

  // Called by every submitter that wakes a ring: errno is not captured, so nothing is allocated.
  private static final MethodHandle SIGNAL =
      Native.plain("eventfd_write", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG))
          .orElseThrow(() -> new UnsupportedOperationException("libc has no eventfd_write(3)"));

  private EventFd() {}

  /// A new descriptor, or minus the error number.
  public static int open() {
    MethodHandle handle = OPEN;
    if (handle == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Native.callState();
    try {
      int result = (int) handle.invokeExact(state, 0, FLAGS);
      return result < 0 ? -Native.errno(state) : result;
    } catch (Throwable t) {
      throw Native.broken("eventfd", t);
    }
  }

  /// Adds one to the counter. Fails only on a descriptor that is not open.
  public static boolean signal(int fd) {
    try {
      return (int) SIGNAL.invokeExact(fd, 1L) == 0;
    } catch (Throwable t) {
      throw Native.broken("eventfd_write", t);
    }
  }
}
