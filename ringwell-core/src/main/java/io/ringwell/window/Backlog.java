package io.ringwell.window;

import java.util.ArrayDeque;

/// Bounds the bytes that are claimed or in flight, and keeps the order of those who wait for some
/// to become free. Used with the writer's lock held.
final class Backlog {
  /// What a claim counts at the least, in bytes: a page, since it takes one, and so that the number
  /// of claims is bounded, too.
  static final long LEAST_BYTES = 4096;

  private final long maxBytes;
  private final ArrayDeque<Object> line = new ArrayDeque<>();
  private long bytes;

  Backlog(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  private static long counted(long size) {
    return Math.max(size, LEAST_BYTES);
  }

  private boolean fits(long size) {
    return bytes + counted(size) <= maxBytes;
  }

  /// Takes room where nobody waits for it.
  boolean tryEnter(long size) {
    if (!line.isEmpty() || !fits(size)) {
      return false;
    }
    bytes += counted(size);
    return true;
  }

  void queue(Object me) {
    line.add(me);
  }

  boolean isMyTurn(Object me, long size) {
    return line.peekFirst() == me && fits(size);
  }

  /// Leaves the line with room taken.
  void enter(Object me, long size) {
    line.remove(me);
    bytes += counted(size);
  }

  /// Leaves the line without.
  void leave(Object me) {
    line.remove(me);
  }

  void exit(long size) {
    bytes -= counted(size);
  }

  long bytes() {
    return bytes;
  }
}
