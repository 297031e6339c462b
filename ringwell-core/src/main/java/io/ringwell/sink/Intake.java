package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a sink has taken, what it may yet take, and who waits for that, first come first. Used with
/// the sink's lock held.
///
/// Bytes count as held from when they are taken until the outlet has let go of them.
final class Intake {
  private final Outlet.Shape shape;
  private final long maxBytes;
  private final @Nullable SinkShare share;
  private final Backlog backlog = new Backlog();
  private final ArrayDeque<Ask> senders = new ArrayDeque<>();
  private long held;
  private long taken;

  /// @param budget what it shares with others; null where it has its own bound alone
  /// @throws IOException where the budget has no room for it
  Intake(String name, Outlet.Shape shape, long maxBytes, @Nullable SinkBudget budget)
      throws IOException {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("a sink holds at least 1 byte, not " + maxBytes);
    }
    this.shape = shape;
    // Less than what is to be written at once would never be.
    this.maxBytes = shape.exact() ? Math.max(maxBytes, shape.bytes()) : maxBytes;
    this.share = budget == null ? null : new SinkShare(name, budget, shape.bytes());
  }

  long maxBytes() {
    return maxBytes;
  }

  long held() {
    return held;
  }

  long taken() {
    return taken;
  }

  /// What was taken and is not yet being written, in bytes.
  long waiting() {
    return backlog.size();
  }

  // ---- Giving ----------------------------------------------------------------------------------

  boolean offer(Bytes bytes) {
    if (!senders.isEmpty() || !fits(bytes.size())) {
      return false;
    }
    take(bytes);
    return true;
  }

  /// Takes them, or has them wait.
  ///
  /// @return null where they were taken
  @Nullable Ask send(Bytes bytes, boolean parks) {
    return offer(bytes) ? null : enqueue(bytes, parks);
  }

  /// @return null where there is room
  @Nullable Ask askReady() {
    return senders.isEmpty() && hasRoom() ? null : enqueue(null, false);
  }

  private Ask enqueue(@Nullable Bytes bytes, boolean parks) {
    Ask ask = Ask.toTake(bytes, parks);
    senders.add(ask);
    return ask;
  }

  /// Whoever waited was interrupted.
  ///
  /// @return false where the bytes were taken, or refused, meanwhile
  boolean withdraw(Ask ask) {
    if (!senders.remove(ask)) {
      return false;
    }
    Objects.requireNonNull(ask.bytes).close();
    admit();
    return true;
  }

  private boolean fits(long size) {
    boolean lacks = lacks();
    if (!lacks && held + size > maxBytes) {
      return false;
    }
    // Also where it is taken in any case: what goes beyond the budget is to be as little as can be.
    boolean covered = share == null || share.covers(held + size);
    return lacks || covered;
  }

  private boolean hasRoom() {
    return fits(1);
  }

  /// Nothing is under way, nor can be before more comes: what comes is taken, whatever its size.
  private boolean lacks() {
    boolean inFlight = held > backlog.size();
    return held == 0 || (shape.exact() && !inFlight && backlog.size() < shape.bytes());
  }

  private void take(Bytes bytes) {
    long size = bytes.size();
    if (size == 0) {
      bytes.close();
      return;
    }
    backlog.add(bytes);
    held += size;
    taken += size;
  }

  /// Lets in those who wait, as far as there is room now.
  void admit() {
    while (!senders.isEmpty()) {
      Ask first = senders.element();
      Bytes bytes = first.bytes;
      if (bytes == null ? !hasRoom() : !fits(bytes.size())) {
        return;
      }
      senders.remove();
      if (bytes != null) {
        take(bytes);
      }
      first.settle(null);
    }
  }

  /// Takes all that waits, at the end: it was given before, belongs to it, and is in memory anyway.
  void admitAll() {
    for (Ask sender : senders) {
      if (sender.bytes != null) {
        take(sender.bytes);
      }
      sender.settle(null);
    }
    senders.clear();
  }

  // ---- Letting go ------------------------------------------------------------------------------

  /// What the next write is to have.
  BytesChain gather() {
    return backlog.take(shape.bytes(), shape.exact());
  }

  /// The outlet has let go of a write of `size` bytes.
  void letGo(long size) {
    held -= size;
    settleShare();
  }

  /// Gives up what is not being written, and refuses those who wait.
  void drop(IOException why) {
    held -= backlog.drop();
    settleShare();
    for (Ask sender : senders) {
      if (sender.bytes != null) {
        sender.bytes.close();
        sender.settle(why);
      } else {
        sender.settle(null);
      }
    }
    senders.clear();
  }

  private void settleShare() {
    if (share != null) {
      share.settle(held);
    }
  }

  /// Nothing is held any more, nor will be.
  void close() {
    if (share != null) {
      share.close();
    }
  }

  @Override
  public String toString() {
    return taken + " bytes taken, " + held + " held";
  }
}
