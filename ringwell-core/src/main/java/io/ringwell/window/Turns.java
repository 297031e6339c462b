package io.ringwell.window;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The turn that a reader's seek waits for, and those that it waits for no more and that have not
/// arrived yet. Used by the reader's thread.
final class Turns {
  private @Nullable Turn current;
  private int outstanding;

  /// Whether one has still to arrive.
  boolean anyOutstanding() {
    return outstanding > 0;
  }

  /// Waits for a range; what arrives is the slot that is returned.
  Slot await(Seeker seeker, @Nullable FileReads reads, Arrivals arrivals, long from, long length) {
    Turn running = current;
    if (running != null && running.isFor(from, length)) {
      return running.token;
    }
    giveUp();
    Turn next = new Turn(seeker, Objects.requireNonNull(reads), arrivals, from, length);
    next.start(arrivals);
    outstanding++;
    current = next;
    return next.token;
  }

  /// A turn has come, or was given up.
  @SuppressWarnings("ReferenceEquality") // Turns have identity.
  void arrived(Turn turn) {
    outstanding--;
    if (current == turn) {
      current = null;
    }
  }

  /// Gives the current one up, unless it is what `wanted` says.
  void keepOnly(@Nullable Slot wanted) {
    Turn running = current;
    if (running != null && running.token != wanted) {
      giveUp();
    }
  }

  void giveUp() {
    Turn running = current;
    if (running != null) {
      current = null;
      running.giveUp();
    }
  }
}
