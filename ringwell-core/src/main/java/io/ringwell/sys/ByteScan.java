package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// memchr(3) and memrchr(3) on raw addresses, without a transition of the thread's state: a call
/// costs a few nanoseconds, and holds up safepoints while it runs.
///
/// So a call looks at [#MAX_BYTES] at the most; who searches more calls again. Memory that is
/// mapped from a file must not be given here unless its pages are there: a fault stalls every
/// thread, and one past the end of a truncated file ends the process.
public final class ByteScan {
  /// The most bytes for one call: about 15 µs of a processor, mostly less.
  public static final int MAX_BYTES = 256 << 10;

  private static final @Nullable MethodHandle FORWARD = Platform.SYSCALLS ? bind("memchr") : null;
  private static final @Nullable MethodHandle BACKWARD = Platform.SYSCALLS ? bind("memrchr") : null;

  private static final MemorySegment ALL = everything();

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private ByteScan() {}

  /// One segment, always the same, for every address: loops over it compile to bare loads, and to
  /// vectors, whatever kinds of segment the JVM has met before.
  @SuppressWarnings("restricted")
  private static MemorySegment everything() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }

  /// The byte at `address`, which the caller knows to be memory that is there.
  public static byte byteAt(long address) {
    return ALL.get(ValueLayout.JAVA_BYTE, address);
  }

  /// Eight bytes from `address` on, the first of them lowest. As [#byteAt].
  public static long wordAt(long address) {
    return ALL.get(WORD, address);
  }

  private static @Nullable MethodHandle bind(String name) {
    return Native.plain(
            name,
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG),
            Linker.Option.critical(false))
        .orElse(null);
  }

  /// Whether libc has both.
  public static boolean available() {
    return FORWARD != null && BACKWARD != null;
  }

  /// The address of the first `value` in `bytes` bytes from `address`, or 0. Only where
  /// [#available].
  public static long first(long address, long bytes, byte value) {
    return call(FORWARD, address, bytes, value);
  }

  /// The address of the last `value` in `bytes` bytes from `address`, or 0. Only where
  /// [#available].
  public static long last(long address, long bytes, byte value) {
    return call(BACKWARD, address, bytes, value);
  }

  private static long call(@Nullable MethodHandle handle, long address, long bytes, byte value) {
    if (bytes > MAX_BYTES || handle == null) {
      throw new IllegalArgumentException("at most " + MAX_BYTES + " bytes, where libc is there");
    }
    try {
      return (long) handle.invokeExact(address, value & 0xff, bytes);
    } catch (Throwable t) {
      throw Native.broken("memchr", t);
    }
  }
}
