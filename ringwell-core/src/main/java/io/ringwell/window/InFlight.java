package io.ringwell.window;

import org.jspecify.annotations.Nullable;

/// The claims of one writer that are on their way, in the order of their commits. A claim's slot is
/// its own link, so the list allocates nothing. Used with the writer's lock held.
final class InFlight {
  private @Nullable ClaimSlot first;
  private @Nullable ClaimSlot last;
  private long sequence;

  @Nullable ClaimSlot first() {
    return first;
  }

  boolean isEmpty() {
    return first == null;
  }

  /// The number of the latest commit.
  long sequence() {
    return sequence;
  }

  /// Whether all up to that number have completed.
  boolean isPast(long number) {
    return first == null || first.sequence > number;
  }

  void add(ClaimSlot slot) {
    slot.sequence = ++sequence;
    ClaimSlot before = last;
    slot.before = before;
    slot.after = null;
    if (before == null) {
      first = slot;
    } else {
      before.after = slot;
    }
    last = slot;
  }

  void remove(ClaimSlot slot) {
    ClaimSlot before = slot.before;
    ClaimSlot after = slot.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
    slot.before = null;
    slot.after = null;
  }
}
