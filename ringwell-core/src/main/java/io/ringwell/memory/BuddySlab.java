package io.ringwell.memory;

/// The free space of one slab, as a binary tree: which aligned blocks of 2^order leaves are free.
///
/// `free[node]` is 1 + the order of the largest free block at or below the node, 0 if there is
/// none. Node 1 is the whole slab, nodes 2n and 2n + 1 are the halves of node n. Where a whole node
/// is free or taken as one block, what the array says below it is that all of it is free. Both
/// operations take as many steps as the tree has levels. Pure arithmetic; not thread-safe.
final class BuddySlab {
  private final int maxOrder;
  private final byte[] free;

  BuddySlab(int maxOrder) {
    this.maxOrder = maxOrder;
    this.free = new byte[2 << maxOrder];
    for (int node = 1; node < free.length; node++) {
      int level = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(node);
      free[node] = (byte) (maxOrder - level + 1);
    }
  }

  /// Order of the largest free block, -1 if there is none.
  int largest() {
    return free[1] - 1;
  }

  /// Takes a block of 2^order leaves and returns its first leaf, or -1.
  int take(int order) {
    if (largest() < order) {
      return -1;
    }
    int node = 1;
    for (int at = maxOrder; at > order; at--) {
      int left = free[2 * node];
      int right = free[2 * node + 1];
      // The tighter half that suffices, so that large blocks stay whole.
      boolean goLeft = left > order && (right <= order || left <= right);
      node = 2 * node + (goLeft ? 0 : 1);
    }
    free[node] = 0;
    int leaf = (node << order) - (1 << maxOrder);
    climb(node, order);
    return leaf;
  }

  /// Frees a block that [#take] returned; the order of the free block that it is now part of.
  int give(int leaf, int order) {
    int node = (leaf + (1 << maxOrder)) >>> order;
    if (free[node] != 0) {
      throw new IllegalStateException("block is free already: leaf " + leaf + ", order " + order);
    }
    free[node] = (byte) (order + 1);
    return climb(node, order);
  }

  /// Brings the nodes above `node` up to date; the order of the free block around it, -1 if taken.
  private int climb(int node, int order) {
    int merged = free[node] - 1;
    int parentOrder = order + 1;
    for (int parent = node >>> 1; parent > 0; parent >>>= 1, parentOrder++) {
      int left = free[2 * parent];
      int right = free[2 * parent + 1];
      if (left == parentOrder && right == parentOrder) {
        free[parent] = (byte) (parentOrder + 1);
        merged = parentOrder;
      } else {
        free[parent] = (byte) Math.max(left, right);
      }
    }
    return merged;
  }
}
