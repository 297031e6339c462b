package io.ringwell.memory;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// Zeroes memory that held secrets.
///
/// A compiler may leave out a store that nobody can see before the next one to the same place. The
/// memory here is not the compiler's to judge (native, known by its address only), large ranges are
/// filled by a stub that it cannot look into, and a full fence follows: everything before that has
/// to be in memory before anything after it, so that no later store can stand in for the zeros.
final class Wipe {
  private Wipe() {}

  static void clear(MemorySegment memory) {
    memory.fill((byte) 0);
    VarHandle.fullFence();
  }
}
