package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// All that a sink knows: what it holds, who waits, how far it is, and what comes next. Changed
/// with its lock held, and never parking: what may park, the calls to the outlet, [OutletCalls]
/// makes.
///
/// Bytes go round like this: taken (the backlog) → gathered into a [Write], in flight → let go. All
/// of them count as held until they are let go.
final class SinkState {
  /// What is to be done with the outlet.
  enum Kind {
    NONE,
    WRITE,
    FLUSH,
    FINISH,
    ABANDON,
    CLOSE
  }

  /// The next call.
  ///
  /// @param write what to write, for a write
  /// @param flushed who is to be told, for a flush
  record Step(Kind kind, @Nullable Write write, List<Ask> flushed) {
    Write toWrite() {
      return Objects.requireNonNull(write);
    }
  }

  private enum State {
    OPEN,
    COMPLETING,
    COMPLETE,
    /// There is an error.
    FAILED
  }

  private final String name;
  private final Outlet.Shape shape;
  private final long maxBytes;
  private final @Nullable SinkShare share;
  private final OutletCalls calls;

  private final ReentrantLock lock = new ReentrantLock();
  private final Backlog backlog = new Backlog();

  /// In the order of their bytes; those at the end may be done before those in front.
  private final ArrayDeque<Write> writes = new ArrayDeque<>();

  private int inFlight;
  private long held;
  private long taken;
  private long written;
  private State state = State.OPEN;
  private @Nullable IOException error;

  private final ArrayDeque<Ask> senders = new ArrayDeque<>();
  private final List<Ask> flushes = new ArrayList<>();

  /// Who waits for the end that completing or failing brings.
  private final List<Ask> completers = new ArrayList<>();

  /// Who waits until the outlet is closed.
  private final List<Ask> closers = new ArrayList<>();

  /// Whether the calls are being made.
  private boolean running;

  /// Whether the outlet was asked to finish: from then on nothing is called off.
  private boolean finishing;

  private boolean abandoned;
  private boolean closed;
  private @Nullable IOException closeError;

  /// @param budget what it shares with others; null where it has its own bound alone
  /// @throws IOException where the budget has no room for it
  SinkState(String name, Outlet outlet, long maxBytes, @Nullable SinkBudget budget)
      throws IOException {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("a sink holds at least 1 byte, not " + maxBytes);
    }
    this.name = name;
    this.shape = outlet.shape();
    // Less than what is to be written at once would never be.
    this.maxBytes = shape.exact() ? Math.max(maxBytes, shape.bytes()) : maxBytes;
    this.share = budget == null ? null : new SinkShare(name, budget, shape.bytes());
    this.calls = new OutletCalls(name, outlet, this);
  }

  // ---- Giving ----------------------------------------------------------------------------------

  boolean offer(Bytes bytes) throws IOException {
    lock.lock();
    try {
      requireOpen(bytes);
      if (!senders.isEmpty() || !fits(bytes.size())) {
        return false;
      }
      take(bytes);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Takes them, or has them wait.
  ///
  /// @return null where they were taken
  @Nullable Ask send(Bytes bytes, boolean parks) throws IOException {
    lock.lock();
    try {
      requireOpen(bytes);
      if (senders.isEmpty() && fits(bytes.size())) {
        take(bytes);
        return null;
      }
      Ask ask = Ask.toTake(bytes, parks);
      senders.add(ask);
      return ask;
    } finally {
      lock.unlock();
    }
  }

  /// Whoever waited was interrupted.
  ///
  /// @return false where the bytes were taken, or refused, meanwhile
  boolean withdraw(Ask ask) {
    lock.lock();
    try {
      if (!senders.remove(ask)) {
        return false;
      }
      Objects.requireNonNull(ask.bytes).close();
      admit();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// @return null where there is room, or nothing to wait for any more
  @Nullable Ask askReady() {
    lock.lock();
    try {
      if (state != State.OPEN || (senders.isEmpty() && hasRoom())) {
        return null;
      }
      Ask ask = Ask.toTake(null, false);
      senders.add(ask);
      return ask;
    } finally {
      lock.unlock();
    }
  }

  /// What is given is the sink's, whatever it answers.
  private void requireOpen(Bytes bytes) throws IOException {
    if (state == State.OPEN) {
      return;
    }
    bytes.close();
    throwError();
    throw new IllegalStateException(name + " is complete: it takes no more");
  }

  private void throwError() throws IOException {
    IOException failure = error;
    if (failure != null) {
      throw failure;
    }
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
    return held == 0 || (shape.exact() && inFlight == 0 && backlog.size() < shape.bytes());
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
    wake();
  }

  /// Lets in those who wait, as far as there is room now.
  private void admit() {
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

  // ---- Flushing and ending ---------------------------------------------------------------------

  /// @return null where nothing is left to flush
  @Nullable Ask flush(boolean parks) throws IOException {
    lock.lock();
    try {
      throwError();
      if (state == State.COMPLETE) {
        return null;
      }
      // Parts that have to have one size cannot be cut short.
      long target = shape.exact() ? taken - taken % shape.bytes() : taken;
      Ask ask = Ask.toReach(target, parks);
      flushes.add(ask);
      wake();
      return ask;
    } finally {
      lock.unlock();
    }
  }

  /// @return null where it is complete
  @Nullable Ask complete(boolean parks) throws IOException {
    lock.lock();
    try {
      throwError();
      if (state == State.COMPLETE) {
        return null;
      }
      if (state == State.OPEN) {
        state = State.COMPLETING;
        admitAll();
      }
      Ask ask = Ask.toReach(0, parks);
      completers.add(ask);
      wake();
      return ask;
    } finally {
      lock.unlock();
    }
  }

  /// What waits was given before: it belongs to it, and is in memory anyway.
  private void admitAll() {
    for (Ask sender : senders) {
      if (sender.bytes != null) {
        take(sender.bytes);
      }
      sender.settle(null);
    }
    senders.clear();
  }

  private void refuseSenders(IOException why) {
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

  void fail(Throwable cause) {
    lock.lock();
    try {
      if (state == State.OPEN || (state == State.COMPLETING && !finishing)) {
        failed(new IOException(name + " was failed: " + cause.getMessage(), cause));
      }
    } finally {
      lock.unlock();
    }
  }

  /// The first error is kept; a later one of another write is added to it.
  private void failed(IOException failure) {
    IOException first = error;
    if (first != null) {
      if (first != failure) {
        first.addSuppressed(failure);
      }
      return;
    }
    error = failure;
    state = State.FAILED;
    held -= backlog.drop();
    settleShare();
    refuseSenders(failure);
    settleAll(flushes, failure);
    wake();
  }

  private void settleShare() {
    if (share != null) {
      share.settle(held);
    }
  }

  private static void settleAll(List<Ask> asks, @Nullable IOException failure) {
    for (Ask ask : asks) {
      ask.settle(failure);
    }
    asks.clear();
  }

  /// Abandons what was not completed.
  ///
  /// @return null where the outlet is closed already
  /// @throws IOException what its closing failed with, once
  @Nullable Ask close() throws IOException {
    lock.lock();
    try {
      if (state == State.OPEN) {
        failed(new IOException(name + " was closed before it was complete: nothing is kept"));
      }
      if (closed) {
        IOException failure = closeError;
        closeError = null;
        if (failure != null) {
          throw failure;
        }
        return null;
      }
      Ask ask = Ask.toReach(0, true);
      closers.add(ask);
      wake();
      return ask;
    } finally {
      lock.unlock();
    }
  }

  // ---- The outlet ------------------------------------------------------------------------------

  /// With the lock held: there may be something to do.
  private void wake() {
    if (!running && nextKind() != Kind.NONE) {
      running = true;
      calls.start();
    }
  }

  private Kind nextKind() {
    if (closed) {
      return Kind.NONE;
    }
    if (state == State.FAILED) {
      return !abandoned ? Kind.ABANDON : inFlight == 0 ? Kind.CLOSE : Kind.NONE;
    }
    if (state == State.COMPLETE) {
      return closers.isEmpty() ? Kind.NONE : Kind.CLOSE;
    }
    if (backlog.isEmpty() && inFlight == 0 && state == State.COMPLETING) {
      return Kind.FINISH;
    }
    if (inFlight < shape.inFlight() && isWriteDue()) {
      return Kind.WRITE;
    }
    return !flushes.isEmpty() && flushes.getFirst().target <= written ? Kind.FLUSH : Kind.NONE;
  }

  /// A full write is begun at once; less than that while nothing is in flight, so that small pieces
  /// gather while others are written, or where somebody waits for it.
  private boolean isWriteDue() {
    if (backlog.size() >= shape.bytes()) {
      return true;
    }
    boolean last = state == State.COMPLETING;
    return !backlog.isEmpty()
        && (last || (!shape.exact() && (inFlight == 0 || !flushes.isEmpty())));
  }

  /// What is to be called next; with `NONE`, whoever asked is done.
  Step next() {
    lock.lock();
    try {
      Kind kind = nextKind();
      switch (kind) {
        case NONE -> running = false;
        case WRITE -> {
          Write write = new Write(backlog.take(shape.bytes(), shape.exact()));
          writes.add(write);
          inFlight++;
          return new Step(kind, write, List.of());
        }
        case FLUSH -> {
          return new Step(kind, null, takeFlushed());
        }
        case ABANDON -> abandoned = true;
        case FINISH -> finishing = true;
        case CLOSE -> {}
      }
      return new Step(kind, null, List.of());
    } finally {
      lock.unlock();
    }
  }

  private List<Ask> takeFlushed() {
    List<Ask> reached = new ArrayList<>();
    while (!flushes.isEmpty() && flushes.getFirst().target <= written) {
      reached.add(flushes.removeFirst());
    }
    return reached;
  }

  /// The outlet has let go of a write. From any thread.
  void written(Write write, @Nullable IOException failure) {
    lock.lock();
    try {
      write.bytes.close();
      write.done = true;
      held -= write.size;
      inFlight--;
      settleShare();
      while (!writes.isEmpty() && writes.element().done) {
        written += writes.remove().size;
      }
      if (failure != null) {
        failed(failure);
      } else if (state == State.OPEN) {
        admit();
      }
      wake();
    } finally {
      lock.unlock();
    }
  }

  void flushed(List<Ask> asks, @Nullable IOException failure) {
    lock.lock();
    try {
      for (Ask ask : asks) {
        ask.settle(failure);
      }
      if (failure != null) {
        failed(failure);
      }
    } finally {
      lock.unlock();
    }
  }

  void finished(@Nullable IOException failure) {
    lock.lock();
    try {
      if (failure != null) {
        failed(failure);
        return;
      }
      state = State.COMPLETE;
      settleAll(completers, null);
      settleAll(flushes, null);
    } finally {
      lock.unlock();
    }
  }

  /// What it failed with; for who knows that it has.
  IOException error() {
    lock.lock();
    try {
      return Objects.requireNonNull(error);
    } finally {
      lock.unlock();
    }
  }

  void abandoned(@Nullable IOException failure) {
    if (failure == null) {
      return;
    }
    lock.lock();
    try {
      failed(failure);
    } finally {
      lock.unlock();
    }
  }

  void ended(@Nullable IOException failure) {
    lock.lock();
    try {
      closed = true;
      if (share != null) {
        share.close();
      }
      closeError = closers.isEmpty() ? failure : null;
      if (failure != null && error != null && failure != error) {
        error.addSuppressed(failure);
      }
      // Who completed a sink that failed hears of it when all is tidied up.
      settleAll(completers, error);
      settleAll(closers, failure);
    } finally {
      lock.unlock();
    }
  }

  // ---- Asking ----------------------------------------------------------------------------------

  long maxBytes() {
    return maxBytes;
  }

  long taken() {
    lock.lock();
    try {
      return taken;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    lock.lock();
    try {
      return "Sink[" + name + ", " + taken + " bytes taken, " + held + " held, " + state + "]";
    } finally {
      lock.unlock();
    }
  }
}
