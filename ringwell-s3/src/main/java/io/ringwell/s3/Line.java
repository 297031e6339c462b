package io.ringwell.s3;

import java.util.ArrayDeque;

/// Lets so many in at once. The others wait in line, which takes no thread, and is bounded by who
/// stands in it: sinks have a bound each.
final class Line {
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private int room;

  Line(int room) {
    this.room = room;
  }

  /// Runs `begin` now, or when it is its turn, on a thread of its own. Whoever it is run for calls
  /// [#leave].
  void enter(Runnable begin) {
    synchronized (this) {
      if (room == 0) {
        waiting.add(begin);
        return;
      }
      room--;
    }
    begin.run();
  }

  /// @return false where it had its turn
  synchronized boolean withdraw(Runnable begin) {
    return waiting.remove(begin);
  }

  void leave() {
    Runnable next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        room++;
      }
    }
    if (next != null) {
      // Not here: this is a connection's thread, and what begins may ask for credentials.
      Thread.ofVirtual().name("ringwell-s3").start(next);
    }
  }
}
