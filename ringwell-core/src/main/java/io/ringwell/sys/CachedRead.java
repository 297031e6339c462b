package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/// preadv2(2) with `RWF_NOWAIT`: reads what lies in the page cache, and never waits for a device.
///
/// `errno` is not captured, so that a call allocates nothing under any compiler: whatever went
/// wrong, the caller sends the read to its engine, which finds out.
///
/// The call wants a `struct iovec` in native memory. They are lent for the length of one call from
/// a small fixed table, since virtual threads are too many to own one each.
public final class CachedRead {
  private static final int RWF_NOWAIT = 8;

  /// A cache line each, so that processors do not share one.
  private static final int SLOT_BYTES = 64;

  private static final int SLOTS = 64;
  private static final int PROBES = 4;
  private static final int CLAIM_STRIDE = 16;

  private static final @Nullable MethodHandle CALL =
      Platform.SYSCALLS
          ? Native.plain(
                  "preadv2",
                  FunctionDescriptor.of(
                      JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT))
              .orElse(null)
          : null;

  private static final MemorySegment VECTORS =
      Arena.global().allocate((long) SLOTS * SLOT_BYTES, SLOT_BYTES);
  private static final AtomicIntegerArray CLAIMS = new AtomicIntegerArray(SLOTS * CLAIM_STRIDE);

  private CachedRead() {}

  public static boolean available() {
    return CALL != null;
  }

  /// The bytes read, 0 at end of file, negative where the read would wait, fails, or found no free
  /// `struct iovec`.
  public static long read(int fd, long address, long length, long offset) {
    MethodHandle call = CALL;
    if (call == null) {
      return -1;
    }
    int slot = (int) Thread.currentThread().threadId();
    for (int probe = 0; probe < PROBES; probe++) {
      slot = (slot + probe) & (SLOTS - 1);
      if (CLAIMS.compareAndSet(slot * CLAIM_STRIDE, 0, 1)) {
        long at = (long) slot * SLOT_BYTES;
        VECTORS.set(JAVA_LONG, at, address);
        VECTORS.set(JAVA_LONG, at + Long.BYTES, length);
        try {
          return (long) call.invokeExact(fd, VECTORS.address() + at, 1, offset, RWF_NOWAIT);
        } catch (Throwable t) {
          throw Native.broken("preadv2", t);
        } finally {
          CLAIMS.setRelease(slot * CLAIM_STRIDE, 0);
        }
      }
    }
    return -1;
  }
}
