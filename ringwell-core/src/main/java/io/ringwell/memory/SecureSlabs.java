package io.ringwell.memory;

import io.ringwell.sys.Errno;
import io.ringwell.sys.LockLimit;
import io.ringwell.sys.NativeMemory;
import io.ringwell.sys.Platform;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Slabs for secrets: one range of addresses from mmap(2), in which locked slabs and inaccessible
/// room of the same size alternate.
///
/// ```
/// | guard | slab 0 | guard | slab 1 | guard | …     each as large as a slab
/// ```
///
/// All slabs are locked with mlock(2) before the first is used: what the limit on locked memory
/// does not allow is refused when the pool is opened, and not at the first peak. The whole range is
/// left out of core dumps (`MADV_DONTDUMP`) and does not exist in a child of fork(2)
/// (`MADV_DONTFORK`: wiping it there would keep it from being read as well, but only what is not
/// inherited at all can neither be copied on write nor come into the way of pages that a ring has
/// pinned). Slabs stay until the end; there are no runs of them, since a guard lies behind each.
final class SecureSlabs implements SlabMemory {
  private final Arena arena;

  /// From the first slab's start to the last guard's end.
  private final MemorySegment range;

  private final int slabs;
  private final int slabShift;

  private SecureSlabs(Arena arena, MemorySegment range, int slabs, int shift) {
    this.arena = arena;
    this.range = range;
    this.slabs = slabs;
    this.slabShift = shift;
  }

  /// Maps, protects and locks `slabs` slabs.
  ///
  /// @throws SecureMemoryException if any of that is refused; then nothing is mapped
  @SuppressWarnings("restricted")
  static SecureSlabs lock(String pool, int slabs, int slabShift) {
    NativeMemory system = NativeMemory.get().orElse(null);
    if (system == null || !Platform.LINUX) {
      throw new SecureMemoryException(
          "no secure memory for pool "
              + pool
              + ": it needs Linux and native access"
              + (system == null ? " (" + NativeMemory.whyAbsent() + ")" : ""));
    }
    long slab = 1L << slabShift;
    // A guard in front, and one slab more to cut an aligned range out of it.
    long bytes = (2L * slabs + 2) << slabShift;
    long start =
        system.mmap(
            0,
            bytes,
            NativeMemory.PROT_NONE,
            NativeMemory.MAP_PRIVATE | NativeMemory.MAP_ANONYMOUS | NativeMemory.MAP_NORESERVE,
            -1,
            0);
    if (start < 0) {
      throw refused(pool, slabs * slab, new Refusal("mmap", (int) -start));
    }
    long base = (start + 2 * slab - 1) & -slab;
    Refusal refusal = protect(system, start, bytes);
    for (int i = 0; i < slabs && refusal == null; i++) {
      refusal = open(system, base + 2L * i * slab, slab);
    }
    if (refusal != null) {
      system.munmap(start, bytes); // unlocks, too: the limits that are told are those without it
      throw refused(pool, slabs * slab, refusal);
    }
    Arena arena = Arena.ofShared();
    MemorySegment range =
        MemorySegment.ofAddress(base)
            .reinterpret(2 * slab * slabs, arena, ended -> system.munmap(start, bytes));
    return new SecureSlabs(arena, range, slabs, slabShift);
  }

  private record Refusal(String call, int errno) {}

  private static @Nullable Refusal protect(NativeMemory system, long start, long bytes) {
    int result = system.madvise(start, bytes, NativeMemory.MADV_DONTDUMP);
    if (result < 0) {
      return new Refusal("madvise(MADV_DONTDUMP)", -result);
    }
    result = system.madvise(start, bytes, NativeMemory.MADV_DONTFORK);
    return result < 0 ? new Refusal("madvise(MADV_DONTFORK)", -result) : null;
  }

  private static @Nullable Refusal open(NativeMemory system, long address, long bytes) {
    int rights = NativeMemory.PROT_READ | NativeMemory.PROT_WRITE;
    int result = system.mprotect(address, bytes, rights);
    if (result < 0) {
      return new Refusal("mprotect", -result);
    }
    // Faults every page in and keeps it: from here on none can reach the swap.
    result = system.mlock(address, bytes);
    return result < 0 ? new Refusal("mlock", -result) : null;
  }

  private static SecureMemoryException refused(String pool, long bytes, Refusal refusal) {
    String what =
        "no secure memory for pool %s: %s, locking %d bytes: %s"
            .formatted(pool, refusal.call, bytes, Errno.name(refusal.errno));
    return new SecureMemoryException(
        refusal.call.equals("mlock")
            ? what
                + " ("
                + LockLimit.now()
                + "); raise the limit (ulimit -l, LimitMEMLOCK= of a systemd unit,"
                + " memlock in limits.conf), grant CAP_IPC_LOCK, or open a smaller pool"
            : what);
  }

  @Override
  public long baseAddress() {
    return range.address();
  }

  @Override
  public int spacingShift() {
    return slabShift + 1;
  }

  @Override
  public boolean hasRuns() {
    return false;
  }

  @Override
  public int committed() {
    return slabs;
  }

  @Override
  public boolean isCommitted(int slab) {
    return true;
  }

  @Override
  public void commit(int slab) {
    throw new IllegalStateException("a secure slab is there from the start: " + slab);
  }

  /// Does nothing: what was locked once stays locked.
  @Override
  public void decommit(int slab) {}

  @Override
  public MemorySegment segment(long offset, long bytes) {
    long slab = offset >>> slabShift;
    long within = offset - (slab << slabShift);
    if (within + bytes > 1L << slabShift) {
      throw new IllegalStateException("beyond its slab: " + bytes + " bytes at " + offset);
    }
    return range.asSlice((slab << spacingShift()) + within, bytes);
  }

  @Override
  public MemorySegment commitRun(int firstSlab, int count) {
    throw new UnsupportedOperationException("secure slabs are not joined");
  }

  @Override
  public void decommitRun(int firstSlab, int count) {
    throw new UnsupportedOperationException("secure slabs are not joined");
  }

  /// Every block was zeroed when it came back; unmapping unlocks.
  @Override
  public void unmap() {
    arena.close();
  }

  @Override
  public String toString() {
    return "SecureSlabs[" + slabs + " of " + (1L << slabShift) + " bytes]";
  }
}
