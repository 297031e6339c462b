package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// All that a sink knows: what it holds, who waits, how far it is, and what comes next. Changed
/// with its lock held, and never parking: what may park, the calls to the outlet, [OutletCalls]
/// makes.
///
/// Bytes go round like this: taken ([Intake]) → gathered into a [Write] ([WritesInFlight]) → let
/// go.
final class SinkState {
  private enum State {
    OPEN,
    COMPLETING,
    COMPLETE,
    /// There is an error.
    FAILED
  }

  private final String name;
  private final Outlet.Shape shape;
  private final OutletCalls calls;

  private final ReentrantLock lock = new ReentrantLock();
  private final Intake intake;
  private final WritesInFlight writes = new WritesInFlight();
  private State state = State.OPEN;
  private @Nullable IOException error;

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
    this.name = name;
    this.shape = outlet.shape();
    this.intake = new Intake(name, shape, maxBytes, budget);
    this.calls = new OutletCalls(name, outlet, this);
  }

  // ---- Giving ----------------------------------------------------------------------------------

  boolean offer(Bytes bytes) throws IOException {
    lock.lock();
    try {
      requireOpen(bytes);
      boolean accepted = intake.offer(bytes);
      wake();
      return accepted;
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
      Ask ask = intake.send(bytes, parks);
      wake();
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
      boolean withdrawn = intake.withdraw(ask);
      wake();
      return withdrawn;
    } finally {
      lock.unlock();
    }
  }

  /// @return null where there is room, or nothing to wait for any more
  @Nullable Ask askReady() {
    lock.lock();
    try {
      return state == State.OPEN ? intake.askReady() : null;
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
      long taken = intake.taken();
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
        intake.admitAll();
      }
      Ask ask = Ask.toReach(0, parks);
      completers.add(ask);
      wake();
      return ask;
    } finally {
      lock.unlock();
    }
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
    intake.drop(failure);
    settleAll(flushes, failure);
    wake();
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
    if (!running && nextKind() != Step.Kind.NONE) {
      running = true;
      calls.start();
    }
  }

  private Step.Kind nextKind() {
    if (closed) {
      return Step.Kind.NONE;
    }
    if (state == State.FAILED) {
      if (!abandoned) {
        return Step.Kind.ABANDON;
      }
      return writes.count() == 0 ? Step.Kind.CLOSE : Step.Kind.NONE;
    }
    if (state == State.COMPLETE) {
      return closers.isEmpty() ? Step.Kind.NONE : Step.Kind.CLOSE;
    }
    if (state == State.COMPLETING && intake.held() == 0) {
      return Step.Kind.FINISH;
    }
    if (writes.count() < shape.inFlight() && isWriteDue()) {
      return Step.Kind.WRITE;
    }
    return isFlushDue() ? Step.Kind.FLUSH : Step.Kind.NONE;
  }

  /// A full write is begun at once; less than that while nothing is in flight, so that small pieces
  /// gather while others are written, or where somebody waits for it.
  private boolean isWriteDue() {
    if (intake.waiting() >= shape.bytes()) {
      return true;
    }
    boolean last = state == State.COMPLETING;
    return intake.waiting() != 0
        && (last || (!shape.exact() && (writes.count() == 0 || !flushes.isEmpty())));
  }

  private boolean isFlushDue() {
    return !flushes.isEmpty() && flushes.getFirst().target <= writes.written();
  }

  /// What is to be called next; with `NONE`, whoever asked is done.
  Step next() {
    lock.lock();
    try {
      Step.Kind kind = nextKind();
      switch (kind) {
        case NONE -> running = false;
        case WRITE -> {
          return new Step(kind, writes.begin(intake.gather()), List.of());
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
    while (isFlushDue()) {
      reached.add(flushes.removeFirst());
    }
    return reached;
  }

  /// The outlet has let go of a write. From any thread.
  void written(Write write, @Nullable IOException failure) {
    lock.lock();
    try {
      write.bytes.close();
      intake.letGo(write.size);
      writes.done(write);
      if (failure != null) {
        failed(failure);
      } else if (state == State.OPEN) {
        intake.admit();
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
      intake.close();
      IOException told = failure;
      if (failure != null && failure == error) {
        // Thrown by complete() and then by close(), one object would be added to itself by a
        // try-with-resources, which then throws something else altogether.
        told = new IOException(name + " could not be closed: " + failure.getMessage(), failure);
      } else if (failure != null && error != null) {
        error.addSuppressed(failure);
      }
      closeError = closers.isEmpty() ? told : null;
      // Who completed a sink that failed hears of it when all is tidied up.
      settleAll(completers, error);
      settleAll(closers, told);
    } finally {
      lock.unlock();
    }
  }

  // ---- Asking ----------------------------------------------------------------------------------

  long maxBytes() {
    return intake.maxBytes();
  }

  long taken() {
    lock.lock();
    try {
      return intake.taken();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    lock.lock();
    try {
      return "Sink[" + name + ", " + intake + ", " + state + "]";
    } finally {
      lock.unlock();
    }
  }
}
