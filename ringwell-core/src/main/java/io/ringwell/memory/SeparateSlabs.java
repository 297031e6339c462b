package io.ringwell.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Slabs where the system has no mmap(2): each is an allocation of its own.
///
/// A slab's number says nothing about its address. A run of slabs is one allocation, made when it
/// is taken and ended when it is given back. A stale segment of an ended allocation throws.
final class SeparateSlabs implements SlabMemory {
  private record Allocation(Arena arena, MemorySegment memory) {}

  /// Holds the place of all slabs of a run but the first.
  private static final Allocation PART_OF_RUN = new Allocation(Arena.global(), MemorySegment.NULL);

  private final @Nullable Allocation[] allocations;
  private final int slabShift;
  private final long alignment;
  private int committed;

  SeparateSlabs(int slabs, int slabShift, long alignment) {
    this.allocations = new @Nullable Allocation[slabs];
    this.slabShift = slabShift;
    this.alignment = alignment;
  }

  @Override
  public long baseAddress() {
    return 0;
  }

  @Override
  public int spacingShift() {
    return slabShift;
  }

  @Override
  public int committed() {
    return committed;
  }

  @Override
  public boolean isCommitted(int slab) {
    return allocations[slab] != null;
  }

  @Override
  public void commit(int slab) {
    allocations[slab] = allocate(1L << slabShift);
    committed++;
  }

  @Override
  public void decommit(int slab) {
    Allocation allocation = allocations[slab];
    if (allocation != null) {
      allocations[slab] = null;
      committed--;
      end(allocation);
    }
  }

  @Override
  public MemorySegment segment(long offset, long bytes) {
    int slab = (int) (offset >>> slabShift);
    Allocation allocation = allocations[slab];
    if (allocation == null) {
      throw new IllegalStateException("slab is not committed: " + slab);
    }
    return allocation.memory.asSlice(offset - ((long) slab << slabShift), bytes);
  }

  @Override
  public MemorySegment commitRun(int firstSlab, int count) {
    decommitRun(firstSlab, count);
    Allocation run = allocate((long) count << slabShift);
    for (int slab = firstSlab; slab < firstSlab + count; slab++) {
      allocations[slab] = slab == firstSlab ? run : PART_OF_RUN;
    }
    committed += count;
    return run.memory;
  }

  @Override
  public void decommitRun(int firstSlab, int count) {
    for (int slab = firstSlab; slab < firstSlab + count; slab++) {
      decommit(slab);
    }
  }

  @Override
  public void unmap() {
    for (int slab = 0; slab < allocations.length; slab++) {
      decommit(slab);
    }
  }

  private Allocation allocate(long bytes) {
    Arena arena = Arena.ofShared();
    try {
      return new Allocation(arena, arena.allocate(bytes, alignment));
    } catch (OutOfMemoryError e) {
      arena.close();
      throw e;
    }
  }

  private static void end(Allocation allocation) {
    if (allocation.memory.byteSize() == 0) { // its run ends with the first slab
      return;
    }
    try {
      allocation.arena.close();
    } catch (IllegalStateException inUse) {
      MemoryLog.LOGGER.log(
          System.Logger.Level.WARNING,
          "memory stays allocated, since a native call uses it after its release",
          inUse);
    }
  }
}
