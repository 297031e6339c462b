package io.ringwell.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Strict mode: every use of a block gets an arena of its own, and raw segments die with it.
///
/// Closing a shared arena stops all threads for a moment, which is why this is not the normal mode.
final class Guard {
  private Guard() {}

  /// Makes [Block#view] a segment that lives until [#lower].
  @SuppressWarnings("restricted")
  static void raise(Block block) {
    Arena arena = Arena.ofShared();
    MemorySegment memory = block.memory;
    block.guard = arena;
    block.view = memory.reinterpret(arena, null);
  }

  /// Ends all segments taken from the block; false, and nothing changed, if a native call is using
  /// one of them at this moment.
  static boolean lower(Block block) {
    Arena arena = block.guard;
    if (arena != null) {
      try {
        arena.close();
      } catch (IllegalStateException inUse) {
        return false;
      }
      block.guard = null;
      block.view = block.memory;
    }
    return true;
  }

  /// Both, for a buffer that becomes immutable: writable segments end, readable ones begin.
  static boolean renew(Block block) {
    if (!lower(block)) {
      return false;
    }
    raise(block);
    return true;
  }
}
