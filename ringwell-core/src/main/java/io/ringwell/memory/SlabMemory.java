package io.ringwell.memory;

import java.lang.foreign.MemorySegment;

/// Where a pool's slabs come from. Called with the pool's lock held, save [#unmap].
///
/// A slab that was given back, or all of them after [#unmap], may still be reached through a stale
/// segment: that must read something or throw, never crash the JVM.
interface SlabMemory {
  /// First address of the one range that all slabs lie in, in order; 0 if there is no such range.
  long baseAddress();

  /// Binary logarithm of the distance from one slab's address to the next: of the slab size, unless
  /// something lies between them.
  int spacingShift();

  /// Slabs that hold memory.
  int committed();

  /// Whether the slab's memory may be touched.
  boolean isCommitted(int slab);

  /// Makes a slab usable, whose contents nobody needs.
  ///
  /// @throws OutOfMemoryError if the system refuses
  void commit(int slab);

  /// Whether a buffer may be made of several slabs in a row.
  default boolean hasRuns() {
    return true;
  }

  /// Gives a free slab's memory back to the system, unless that refuses.
  void decommit(int slab);

  /// A part of a committed slab; in a range, also of several.
  MemorySegment segment(long offset, long bytes);

  /// Memory in one piece for slabs that do not lie in a range, in place of what they had.
  ///
  /// @throws OutOfMemoryError if the system refuses
  MemorySegment commitRun(int firstSlab, int count);

  /// Ends what [#commitRun] gave.
  void decommitRun(int firstSlab, int count);

  /// Ends all of it.
  ///
  /// @throws IllegalStateException if a native call uses some of it at this moment; then all stays
  void unmap();
}
