package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The queues that a ring shares with the kernel, mapped from its descriptor.
public final class RingMemory {
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED_POPULATE = 0x8001;

  private static final MethodHandle MMAP =
      Native.withErrno(
              "mmap",
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG))
          .orElseThrow(() -> new UnsupportedOperationException("libc has no mmap(2)"));
  private static final MethodHandle MUNMAP =
      Native.plain("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG))
          .orElseThrow(() -> new UnsupportedOperationException("libc has no munmap(2)"));

  private RingMemory() {}

  /// Maps `bytes` of the ring at `offset`; `arena` unmaps them when it closes.
  ///
  /// @return the address, or minus the error number; see [#isError]
  public static long map(int ring, long bytes, long offset) {
    MemorySegment state = Native.callState();
    try {
      long address =
          (long)
              MMAP.invokeExact(
                  state, 0L, bytes, PROT_READ_WRITE, MAP_SHARED_POPULATE, ring, offset);
      return address == -1 ? -Native.errno(state) : address;
    } catch (Throwable t) {
      throw Native.broken("mmap", t);
    }
  }

  public static boolean isError(long address) {
    return address < 0 && address > -4096;
  }

  /// The mapped memory, reachable only as `arena` allows and unmapped when it closes.
  @SuppressWarnings("restricted")
  public static MemorySegment own(long address, long bytes, Arena arena) {
    return MemorySegment.ofAddress(address).reinterpret(bytes, arena, RingMemory::unmap);
  }

  private static void unmap(MemorySegment memory) {
    try {
      int result = (int) MUNMAP.invokeExact(memory, memory.byteSize());
      assert result == 0 : "munmap of a mapping of ours failed";
    } catch (Throwable t) {
      throw Native.broken("munmap", t);
    }
  }
}
