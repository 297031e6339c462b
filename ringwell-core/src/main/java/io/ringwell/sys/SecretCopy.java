package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Copies that leave nothing behind.
///
/// memcpy(3) leaves up to half a KiB of what it copied in the thread's vector registers, until
/// other code happens to use them. A core dump has the registers of all threads; a signal, and the
/// JVM where it stops a thread, save them on the stack, where they stay longer. What the JVM's own
/// copies are made by, and keep, is its business: of few bytes it makes numbers, on the stack.
public final class SecretCopy {
  /// More than eight of the widest registers, of 64 bytes: glibc loads up to nine at a time. Less
  /// than what it copies by one instruction instead, from 4 KiB on.
  private static final long WIPE_BYTES = 1024;

  /// One call holds up safepoints.
  private static final long MAX_BYTES = 256 << 10;

  private static final @Nullable MethodHandle MEMCPY = bind();
  private static final MemorySegment ZEROS = Arena.global().allocate(WIPE_BYTES, 64);
  private static final MemorySegment MORE_ZEROS = Arena.global().allocate(WIPE_BYTES, 64);

  private SecretCopy() {}

  /// Without a transition of the thread's state: arrays can be given, and no safepoint comes
  /// between a copy and the wipe.
  private static @Nullable MethodHandle bind() {
    return Native.plain(
            "memcpy",
            FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG),
            Linker.Option.critical(true))
        .orElse(null);
  }

  /// Copies all of `from` to `to`, which is as long, and does not overlap it.
  public static void copy(MemorySegment from, MemorySegment to) {
    long bytes = from.byteSize();
    MethodHandle memcpy = MEMCPY;
    if (memcpy == null) {
      MemorySegment.copy(from, 0, to, 0, bytes);
      return;
    }
    for (long at = 0; at < bytes; at += MAX_BYTES) {
      long some = Math.min(bytes - at, MAX_BYTES);
      call(memcpy, to.asSlice(at, some), from.asSlice(at, some), some);
    }
    wipe();
  }

  /// Wipes what a copy by libc left in registers: copies zeros the same way. Some ten nanoseconds.
  public static void wipe() {
    MethodHandle memcpy = MEMCPY;
    if (memcpy != null) {
      call(memcpy, MORE_ZEROS, ZEROS, WIPE_BYTES);
    }
  }

  private static void call(MethodHandle memcpy, MemorySegment to, MemorySegment from, long bytes) {
    try {
      long _ = (long) memcpy.invokeExact(to, from, bytes);
    } catch (RuntimeException e) {
      throw e; // of a segment that is closed, or another thread's
    } catch (Throwable t) {
      throw Native.broken("memcpy", t);
    }
  }
}
