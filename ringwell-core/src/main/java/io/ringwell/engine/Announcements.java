package io.ringwell.engine;

import org.jspecify.annotations.Nullable;

/// Completed operations that one ring's turn has yet to announce to their [CompletionQueue]: all of
/// one queue go there in one step, so that their taker finds a batch and submits a batch.
final class Announcements {
  private @Nullable CompletionQueue queue;
  private @Nullable Operation newest;
  private @Nullable Operation oldest;

  void add(CompletionQueue to, Operation op) {
    if (queue != to) {
      flush();
      queue = to;
      oldest = op;
    }
    op.nextDone = newest;
    newest = op;
  }

  void flush() {
    CompletionQueue to = queue;
    Operation last = newest;
    Operation first = oldest;
    if (to != null && first != null && last != null) {
      queue = null;
      newest = null;
      oldest = null;
      to.addAll(last, first);
    }
  }
}
