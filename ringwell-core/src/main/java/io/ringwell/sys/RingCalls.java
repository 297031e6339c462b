package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// io_uring's three system calls, through syscall(2), since glibc has no wrappers for them.
///
/// Each returns what the call returns, or minus the error number. Their numbers (425 to 427) are
/// the same on every processor. The caller passes its own memory for `errno`, so that a ring's
/// thread need not look it up for every enter.
public final class RingCalls {
  private static final long SETUP = 425;
  private static final long ENTER = 426;
  private static final long REGISTER = 427;

  private static final Linker.Option VARIADIC = Linker.Option.firstVariadicArg(1);

  private static final MethodHandle SETUP_CALL =
      bind(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS));
  private static final MethodHandle ENTER_CALL =
      bind(
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle REGISTER_CALL =
      bind(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

  private RingCalls() {}

  private static MethodHandle bind(FunctionDescriptor descriptor) {
    return Native.withErrno("syscall", descriptor, VARIADIC)
        .orElseThrow(() -> new UnsupportedOperationException("libc has no syscall(2)"));
  }

  /// io_uring_setup(2). The ring's descriptor.
  public static int setup(int entries, MemorySegment params) {
    MemorySegment state = Native.callState();
    try {
      long result = (long) SETUP_CALL.invokeExact(state, SETUP, entries, params);
      return result < 0 ? -Native.errno(state) : Math.toIntExact(result);
    } catch (Throwable t) {
      throw Native.broken("io_uring_setup", t);
    }
  }

  /// io_uring_enter(2). The number of submissions taken.
  public static int enter(
      MemorySegment state,
      int ring,
      int toSubmit,
      int minComplete,
      int flags,
      long argument,
      long argumentBytes) {
    try {
      long result =
          (long)
              ENTER_CALL.invokeExact(
                  state, ENTER, ring, toSubmit, minComplete, flags, argument, argumentBytes);
      return result < 0 ? -Native.errno(state) : (int) result;
    } catch (Throwable t) {
      throw Native.broken("io_uring_enter", t);
    }
  }

  /// io_uring_register(2).
  public static int register(int ring, int opcode, MemorySegment argument, int count) {
    MemorySegment state = Native.callState();
    try {
      long result =
          (long) REGISTER_CALL.invokeExact(state, REGISTER, ring, opcode, argument, count);
      return result < 0 ? -Native.errno(state) : (int) result;
    } catch (Throwable t) {
      throw Native.broken("io_uring_register", t);
    }
  }
}
