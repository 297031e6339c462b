package io.ringwell.engine;

import org.jspecify.annotations.Nullable;

/// The operations that one ring has in flight, by the user data of their submissions: index of the
/// slot, and how often that slot was used, so that a late completion never hits the slot's next
/// operation. The ring's thread's alone, but for the count.
final class SlotTable {
  /// Bits of the user data that are the slot's index. The few above them, below the count of uses,
  /// are for whoever has several submissions for one operation.
  static final int INDEX_BITS = 28;

  private final @Nullable Operation[] slots;
  private final int[] free;
  private final int[] uses;
  private int freeCount;

  SlotTable(int atLeast) {
    int size = Integer.highestOneBit(2 * atLeast - 1);
    slots = new Operation[size];
    uses = new int[size];
    free = new int[size];
    for (int i = 0; i < size; i++) {
      free[i] = size - 1 - i;
    }
    freeCount = size;
  }

  static int index(long userData) {
    return (int) userData & ((1 << INDEX_BITS) - 1);
  }

  int free() {
    return freeCount;
  }

  /// How many are in flight.
  int used() {
    return slots.length - freeCount;
  }

  /// Puts an operation into a free slot, and its user data into the operation.
  ///
  /// @return the slot
  int take(Operation op) {
    int slot = free[--freeCount];
    slots[slot] = op;
    int use = Math.max((uses[slot] + 1) & Integer.MAX_VALUE, 1);
    uses[slot] = use;
    op.userData = (long) use << Integer.SIZE | slot;
    return slot;
  }

  /// The operation that a completion with this user data is for.
  Operation at(long userData) {
    int slot = index(userData);
    Operation op = slots[slot];
    if (op == null || uses[slot] != (int) (userData >>> Integer.SIZE)) {
      throw new IllegalStateException("a completion for nobody: " + Long.toHexString(userData));
    }
    return op;
  }

  /// The same, or null where it has completed.
  @Nullable Operation find(long userData) {
    int slot = index(userData);
    return uses[slot] == (int) (userData >>> Integer.SIZE) ? slots[slot] : null;
  }

  @Nullable Operation in(int slot) {
    return slots[slot];
  }

  boolean holds(Operation op) {
    return slots[(int) op.userData & (slots.length - 1)] == op;
  }

  void release(Operation op) {
    int slot = (int) op.userData;
    slots[slot] = null;
    free[freeCount++] = slot;
  }

  int size() {
    return slots.length;
  }
}
