package io.ringwell.cli;

import io.ringwell.engine.Operation;
import org.jspecify.annotations.Nullable;

/// Finds the slot number of an operation: an open table by identity, filled once, never growing.
final class OperationSlots {
  private final @Nullable Operation[] keys;
  private final int[] slots;
  private final int mask;

  OperationSlots(Operation[] operations) {
    int capacity = Integer.highestOneBit(Math.max(operations.length, 1)) * 4;
    keys = new Operation[capacity];
    slots = new int[capacity];
    mask = capacity - 1;
    for (int slot = 0; slot < operations.length; slot++) {
      int at = System.identityHashCode(operations[slot]) & mask;
      while (keys[at] != null) {
        at = (at + 1) & mask;
      }
      keys[at] = operations[slot];
      slots[at] = slot;
    }
  }

  int of(Operation op) {
    int at = System.identityHashCode(op) & mask;
    while (keys[at] != op) {
      at = (at + 1) & mask;
    }
    return slots[at];
  }
}
