package io.ringwell.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Which parts of a pool's range are free: blocks of 2^order units within a slab, and runs of
/// slabs.
///
/// Lower slabs are preferred, so that few are touched and upper ones become wholly free. Offsets
/// are in bytes from the start of the range. Pure arithmetic, no memory is touched; not thread-safe
/// (the pool calls it with its lock held).
final class SlabSpace {
  private final int unitShift;
  private final int slabShift;
  private final int maxOrder;

  /// By slab: 1 + order of its largest free block, 0 if it is full; maxOrder + 1 if wholly free.
  private final byte[] room;

  /// By slab; made when it is first split.
  private final @Nullable BuddySlab[] trees;

  /// By order: no slab below this one has room for it.
  private final int[] firstWithRoom;

  /// Units and slabs have 2^shift bytes.
  SlabSpace(int slabs, int unitShift, int slabShift) {
    this.unitShift = unitShift;
    this.slabShift = slabShift;
    this.maxOrder = slabShift - unitShift;
    this.room = new byte[slabs];
    Arrays.fill(room, (byte) (maxOrder + 1));
    this.trees = new @Nullable BuddySlab[slabs];
    this.firstWithRoom = new int[maxOrder + 1];
  }

  int maxOrder() {
    return maxOrder;
  }

  /// Offset of a block of 2^order units, or -1.
  long take(int order) {
    int slab = firstWithRoom[order];
    while (slab < room.length && room[slab] <= order) {
      slab++;
    }
    firstWithRoom[order] = slab;
    if (slab == room.length) {
      return -1;
    }
    long start = (long) slab << slabShift;
    if (order == maxOrder) {
      room[slab] = 0;
      return start;
    }
    BuddySlab tree = trees[slab];
    if (tree == null) {
      tree = new BuddySlab(maxOrder);
      trees[slab] = tree;
    }
    int unit = tree.take(order);
    room[slab] = (byte) (tree.largest() + 1);
    return start + ((long) unit << unitShift);
  }

  /// Frees what [#take] returned; the order of the free block that it is now part of.
  int give(long offset, int order) {
    int slab = (int) (offset >>> slabShift);
    if (order == maxOrder) {
      giveSlab(slab);
      return maxOrder;
    }
    BuddySlab tree = trees[slab];
    if (tree == null) {
      throw new IllegalStateException("nothing was taken at " + offset);
    }
    long within = offset - ((long) slab << slabShift);
    int merged = tree.give((int) (within >>> unitShift), order);
    hasRoom(slab, tree.largest());
    return merged;
  }

  /// Offset of the first of `count` free slabs in a row, or -1.
  long takeRun(int count) {
    int length = 0;
    for (int slab = firstWithRoom[maxOrder]; slab < room.length; slab++) {
      length = isFree(slab) ? length + 1 : 0;
      if (length == count) {
        int first = slab - count + 1;
        Arrays.fill(room, first, slab + 1, (byte) 0);
        return (long) first << slabShift;
      }
    }
    return -1;
  }

  /// Frees what [#takeRun] returned.
  void giveRun(long offset, int count) {
    int first = (int) (offset >>> slabShift);
    for (int slab = first; slab < first + count; slab++) {
      giveSlab(slab);
    }
  }

  /// Whether nothing of the slab is taken.
  boolean isFree(int slab) {
    return room[slab] == maxOrder + 1;
  }

  private void giveSlab(int slab) {
    if (room[slab] != 0) {
      throw new IllegalStateException("slab is free already: " + slab);
    }
    hasRoom(slab, maxOrder);
  }

  private void hasRoom(int slab, int largest) {
    room[slab] = (byte) (largest + 1);
    for (int order = 0; order <= largest; order++) {
      firstWithRoom[order] = Math.min(firstWithRoom[order], slab);
    }
  }
}
