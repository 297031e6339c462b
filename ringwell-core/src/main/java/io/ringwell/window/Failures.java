package io.ringwell.window;

import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What went wrong in one writer and nobody was told of yet. Used with the writer's lock held.
final class Failures {
  /// As many are kept apart; what comes on top is suppressed onto the last of them.
  private static final int KEPT = 16;

  /// One failure, and whether anybody knows.
  static final class Failure {
    private final IOException error;
    private boolean told;
    private int suppressed;

    Failure(IOException error) {
      this.error = error;
    }

    /// The first error wins.
    void add(IOException later) {
      if (later != error && suppressed++ < KEPT) { // one error may end several operations
        error.addSuppressed(later);
      }
    }

    /// For whoever is told by this.
    IOException tell() {
      told = true;
      return error;
    }
  }

  private final ArrayDeque<Failure> untold = new ArrayDeque<>();

  void add(Failure failure) {
    forgetTold();
    if (untold.size() < KEPT) {
      untold.add(failure);
    } else {
      untold.getLast().add(failure.error);
    }
  }

  /// The first that nobody was told of, with the later ones suppressed onto it; null where there is
  /// none. From here on all of them are told.
  @Nullable IOException tell() {
    forgetTold();
    Failure first = untold.poll();
    if (first == null) {
      return null;
    }
    IOException error = first.tell();
    for (Failure later : untold) {
      if (!later.told) {
        IOException also = later.tell();
        if (also != error) {
          error.addSuppressed(also);
        }
      }
    }
    untold.clear();
    return error;
  }

  private void forgetTold() {
    while (!untold.isEmpty() && untold.getFirst().told) {
      untold.removeFirst();
    }
  }
}
