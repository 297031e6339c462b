package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How libc is reached: symbols looked up by name, `errno` captured into memory of the calling
/// thread.
///
/// Handles that [#withErrno] makes take that memory as their first argument; it comes from
/// [#callState]. A handle is bound when its holder class is first used, since binding one costs
/// milliseconds.
public final class Native {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO_OFFSET =
      STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  /// Only calls that may fail use it, never the hot path of a virtual thread: a virtual thread
  /// would make one segment for each of its calls' owners.
  private static final ThreadLocal<MemorySegment> CALL_STATE =
      ThreadLocal.withInitial(Native::newCallState);

  private Native() {}

  /// A libc function whose failure is told by `errno`; empty where libc has no such symbol.
  @SuppressWarnings("restricted")
  public static Optional<MethodHandle> withErrno(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    List<Linker.Option> all = new ArrayList<>(Arrays.asList(options));
    all.add(CAPTURE_ERRNO);
    return LINKER
        .defaultLookup()
        .find(name)
        .map(s -> LINKER.downcallHandle(s, descriptor, all.toArray(Linker.Option[]::new)));
  }

  /// The same for the classes of calls in this package; null where libc has no such symbol.
  ///
  /// @param variadicFrom the first variadic argument; -1 where there is none
  static @Nullable MethodHandle bind(
      String name, int variadicFrom, MemoryLayout result, MemoryLayout... arguments) {
    Linker.Option[] options =
        variadicFrom < 0
            ? new Linker.Option[0]
            : new Linker.Option[] {Linker.Option.firstVariadicArg(variadicFrom)};
    return withErrno(name, FunctionDescriptor.of(result, arguments), options).orElse(null);
  }

  /// A libc function whose `errno` nobody reads: allocates nothing under any compiler.
  @SuppressWarnings("restricted")
  public static Optional<MethodHandle> plain(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER
        .defaultLookup()
        .find(name)
        .map(s -> LINKER.downcallHandle(s, descriptor, options));
  }

  /// The calling thread's memory for `errno`.
  public static MemorySegment callState() {
    return CALL_STATE.get();
  }

  /// Memory for `errno` that an object with one owning thread keeps for itself.
  public static MemorySegment newCallState() {
    return Arena.ofAuto().allocate(STATE);
  }

  public static int errno(MemorySegment callState) {
    return callState.get(JAVA_INT, ERRNO_OFFSET);
  }

  /// A call through a handle threw: only a broken binding does that, never the kernel.
  static AssertionError broken(String name, Throwable cause) {
    return new AssertionError("calling " + name + " through java.lang.foreign failed", cause);
  }
}
