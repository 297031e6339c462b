package io.ringwell.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Memory that belongs to no pool: fresh from an automatic arena, or someone else's.
///
/// Fresh memory is freed by the garbage collector once nothing refers to it, so raw segments stay
/// valid as long as anyone has them. The JVM's limit on direct memory applies.
final class Unpooled implements Recycler {
  /// A cache line, in bytes.
  private static final long ALIGNMENT = 64;

  private final Runnable whenReleased;

  private Unpooled(Runnable whenReleased) {
    this.whenReleased = whenReleased;
  }

  static MemorySegment allocate(long bytes) {
    if (bytes == 0) {
      return MemorySegment.NULL;
    }
    return Arena.ofAuto().allocate(bytes, ALIGNMENT);
  }

  /// The first handle of `memory`, which nobody writes any more.
  static Bytes bytesOf(MemorySegment memory) {
    return bytesOf(memory, () -> {});
  }

  static Bytes bytesOf(MemorySegment memory, Runnable whenReleased) {
    Block block = new Block(new Unpooled(whenReleased), -1);
    block.assign(memory, 0, -1);
    if (SystemChecks.STRICT) {
      Guard.raise(block);
    }
    int generation = block.generation();
    block.open();
    return new Bytes(block, generation, 0, memory.byteSize(), SystemChecks.TRACK_LEAKS);
  }

  @Override
  public void recycle(Block block) {
    if (!Guard.lower(block)) {
      MemoryLog.LOGGER.log(
          System.Logger.Level.WARNING,
          "released while a native call uses a segment of it; its segments stay usable: " + block);
    }
    whenReleased.run();
  }
}
