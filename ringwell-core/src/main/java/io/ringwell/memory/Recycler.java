package io.ringwell.memory;

/// Takes back the memory of a block that nobody holds any more.
interface Recycler {
  /// The last reference is gone and nothing is lent. Called once for each opening, on the thread
  /// that let go last; must not block. The block belongs to the recycler again.
  void recycle(Block block);

  /// Whether the memory is locked, left out of dumps, and zeroed when it comes back.
  default boolean isSecure() {
    return false;
  }
}
