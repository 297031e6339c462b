package io.ringwell.memory;

import io.ringwell.sys.Errno;
import io.ringwell.sys.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// One range of addresses from mmap(2), inaccessible at first, made usable slab by slab.
///
/// The range belongs to a shared arena, so that a segment kept beyond the pool's end throws instead
/// of touching unmapped memory. A committed slab stays accessible up to then, also when its pages
/// were given back: a stale segment reads zeros. The range begins at a multiple of the slab size,
/// so that every block is aligned to its own size, and large pages fit.
final class MappedSlabs implements SlabMemory {
  private final NativeMemory system;
  private final Arena arena;
  private final MemorySegment range;
  private final int slabShift;
  private final BitSet committed = new BitSet();
  private final BitSet accessible = new BitSet();

  private MappedSlabs(NativeMemory system, Arena arena, MemorySegment range, int slabShift) {
    this.system = system;
    this.arena = arena;
    this.range = range;
    this.slabShift = slabShift;
  }

  /// Null if the system has no mmap(2) or refuses the range.
  @SuppressWarnings("restricted")
  static @Nullable MappedSlabs reserve(int slabs, int slabShift) {
    NativeMemory system = NativeMemory.get().orElse(null);
    if (system == null) {
      return null;
    }
    long bytes = (long) slabs << slabShift;
    long slab = 1L << slabShift;
    // One slab more, to cut an aligned range out of it.
    long start =
        system.mmap(
            0,
            bytes + slab,
            NativeMemory.PROT_NONE,
            NativeMemory.MAP_PRIVATE | NativeMemory.MAP_ANONYMOUS | NativeMemory.MAP_NORESERVE,
            -1,
            0);
    if (start < 0) {
      return null;
    }
    long base = (start + slab - 1) & -slab;
    if (base > start) {
      system.munmap(start, base - start);
    }
    if (base < start + slab) {
      system.munmap(base + bytes, start + slab - base);
    }
    Arena arena = Arena.ofShared();
    MemorySegment range =
        MemorySegment.ofAddress(base)
            .reinterpret(bytes, arena, ended -> system.munmap(ended.address(), bytes));
    return new MappedSlabs(system, arena, range, slabShift);
  }

  @Override
  public long baseAddress() {
    return range.address();
  }

  @Override
  public int spacingShift() {
    return slabShift;
  }

  @Override
  public int committed() {
    return committed.cardinality();
  }

  @Override
  public boolean isCommitted(int slab) {
    return committed.get(slab);
  }

  @Override
  public void commit(int slab) {
    if (!accessible.get(slab)) {
      int result =
          system.mprotect(
              address(slab), slabBytes(), NativeMemory.PROT_READ | NativeMemory.PROT_WRITE);
      if (result < 0) {
        throw new OutOfMemoryError(
            "mprotect of %d bytes for a buffer pool: %s"
                .formatted(slabBytes(), Errno.name(-result)));
      }
      accessible.set(slab);
    }
    committed.set(slab);
  }

  @Override
  public void decommit(int slab) {
    // Refused for memory that someone locked; then it stays.
    if (system.madvise(address(slab), slabBytes(), NativeMemory.MADV_DONTNEED) == 0) {
      committed.clear(slab);
    }
  }

  @Override
  public MemorySegment segment(long offset, long bytes) {
    return range.asSlice(offset, bytes);
  }

  @Override
  public MemorySegment commitRun(int firstSlab, int count) {
    throw new UnsupportedOperationException("slabs of a range are committed one by one");
  }

  @Override
  public void decommitRun(int firstSlab, int count) {
    throw new UnsupportedOperationException("slabs of a range are decommitted one by one");
  }

  @Override
  public void unmap() {
    arena.close();
  }

  private long slabBytes() {
    return 1L << slabShift;
  }

  private long address(int slab) {
    return range.address() + ((long) slab << slabShift);
  }
}
