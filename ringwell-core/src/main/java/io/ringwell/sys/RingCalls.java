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
/// the same on every processor.
public final class RingCalls {
  private static final long SETUP = 425;
  private static final long ENTER = 426;
  private static final long REGISTER = 427;

  private static final Linker.Option VARIADIC = Linker.Option.firstVariadicArg(1);

  private static final MethodHandle SETUP_CALL =
      bind(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS));
  private static final FunctionDescriptor ENTER_TYPE =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);

  // Keeping errno costs 40 bytes a call under every compiler that does not see through the linker's
  // check of the memory for it (SharedUtils.checkCaptureSegment slices it), and a ring enters too
  // often to bet on one that does.
  private static final MethodHandle ENTER_CALL =
      Native.plain("syscall", ENTER_TYPE, VARIADIC).orElseThrow(RingCalls::missing);
  private static final MethodHandle EXPLAINED_ENTER_CALL = bind(ENTER_TYPE);
  private static final MethodHandle REGISTER_CALL =
      bind(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

  private RingCalls() {}

  private static MethodHandle bind(FunctionDescriptor descriptor) {
    return Native.withErrno("syscall", descriptor, VARIADIC).orElseThrow(RingCalls::missing);
  }

  private static UnsupportedOperationException missing() {
    return new UnsupportedOperationException("libc has no syscall(2)");
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

  /// io_uring_enter(2), for the hot path: allocates nothing under any compiler, and does not tell
  /// why it was refused.
  ///
  /// @return the number of submissions taken; negative where the call was refused, which then took
  ///   none
  public static int enter(
      int ring, int toSubmit, int minComplete, int flags, long argument, long argumentBytes) {
    try {
      return (int)
          (long)
              ENTER_CALL.invokeExact(
                  ENTER, ring, toSubmit, minComplete, flags, argument, argumentBytes);
    } catch (Throwable t) {
      throw Native.broken("io_uring_enter", t);
    }
  }

  /// io_uring_enter(2). The number of submissions taken.
  public static int explainedEnter(
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
              EXPLAINED_ENTER_CALL.invokeExact(
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
