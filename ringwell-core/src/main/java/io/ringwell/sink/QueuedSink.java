package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A sink in front of an [Outlet].
///
/// All state is changed with the lock held. What may park, the calls to the outlet, is done by a
/// virtual thread that is started when there is something to do and ends when there is not: an idle
/// sink has none. Completions come from anywhere and only book.
///
/// Bytes go round like this: taken (the backlog) → gathered into a [Write], in flight → let go. All
/// of them count as held until they are let go.
final class QueuedSink implements Sink {
  private enum State {
    OPEN,
    COMPLETING,
    COMPLETE,
    /// There is an error.
    FAILED
  }

  /// One call of the outlet's.
  private static final class Write {
    final BytesChain bytes;
    final long size;
    boolean done;

    Write(BytesChain bytes) {
      this.bytes = bytes;
      this.size = bytes.size();
    }
  }

  private final String name;
  private final Outlet outlet;
  private final Outlet.Shape shape;
  private final long maxBytes;

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

  /// Who waits for the end that [#complete] or [#fail] brings.
  private final List<Ask> completers = new ArrayList<>();

  /// Who waits until the outlet is closed.
  private final List<Ask> closers = new ArrayList<>();

  private boolean running;

  /// Whether the outlet was asked to finish: from then on nothing is called off.
  private boolean finishing;

  private boolean abandoned;
  private boolean closed;
  private @Nullable IOException closeError;

  QueuedSink(String name, Outlet outlet, long maxBytes) {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("a sink holds at least 1 byte, not " + maxBytes);
    }
    this.name = name;
    this.outlet = outlet;
    this.shape = outlet.shape();
    // Less than what is to be written at once would never be.
    this.maxBytes = shape.exact() ? Math.max(maxBytes, shape.bytes()) : maxBytes;
  }

  // ---- Giving ----------------------------------------------------------------------------------

  @Override
  public boolean offer(Bytes bytes) throws IOException {
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

  @Override
  public void send(Bytes bytes) throws IOException {
    Ask ask = takeOrAsk(bytes, true);
    if (ask == null) {
      return;
    }
    if (!ask.await()) {
      if (withdraw(ask)) {
        throw Ask.interrupted();
      }
      // It was settled in the same moment: the interrupt is for the next call.
      Thread.currentThread().interrupt();
    }
    ask.throwError();
  }

  @Override
  public CompletionStage<@Nullable Void> sendAsync(Bytes bytes) {
    try {
      Ask ask = takeOrAsk(bytes, false);
      return ask == null ? CompletableFuture.completedFuture(null) : ask.stage();
    } catch (IOException | IllegalStateException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private @Nullable Ask takeOrAsk(Bytes bytes, boolean parks) throws IOException {
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
  private boolean withdraw(Ask ask) {
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

  @Override
  public CompletionStage<@Nullable Void> whenReady() {
    lock.lock();
    try {
      if (state != State.OPEN || (senders.isEmpty() && held < maxBytes)) {
        return CompletableFuture.completedFuture(null);
      }
      Ask ask = Ask.toTake(null, false);
      senders.add(ask);
      return ask.stage();
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
    return held == 0 || held + size <= maxBytes;
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
      if (bytes == null ? held >= maxBytes : !fits(bytes.size())) {
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

  @Override
  public void flush() throws IOException {
    park(askFlush(true));
  }

  @Override
  public CompletionStage<@Nullable Void> flushAsync() {
    try {
      Ask ask = askFlush(false);
      return ask == null ? CompletableFuture.completedFuture(null) : ask.stage();
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private @Nullable Ask askFlush(boolean parks) throws IOException {
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

  @Override
  public long complete() throws IOException {
    park(askComplete(true));
    return taken();
  }

  /// What is waited for goes on through an interrupt.
  private static void park(@Nullable Ask ask) throws IOException {
    if (ask == null) {
      return;
    }
    if (!ask.await()) {
      throw Ask.interrupted();
    }
    ask.throwError();
  }

  @Override
  public CompletionStage<Long> completeAsync() {
    try {
      Ask ask = askComplete(false);
      return ask == null
          ? CompletableFuture.completedFuture(taken())
          : ask.stage().thenApply(nothing -> taken());
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private @Nullable Ask askComplete(boolean parks) throws IOException {
    lock.lock();
    try {
      throwError();
      if (state == State.COMPLETE) {
        return null;
      }
      if (state == State.OPEN) {
        state = State.COMPLETING;
        refuseSenders(new IOException(name + " was completed while more waited to be sent"));
      }
      Ask ask = Ask.toReach(0, parks);
      completers.add(ask);
      wake();
      return ask;
    } finally {
      lock.unlock();
    }
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

  @Override
  public void fail(Throwable cause) {
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
    refuseSenders(failure);
    settleAll(flushes, failure);
    wake();
  }

  private static void settleAll(List<Ask> asks, @Nullable IOException failure) {
    for (Ask ask : asks) {
      ask.settle(failure);
    }
    asks.clear();
  }

  @Override
  public void close() throws IOException {
    Ask ask;
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
        return;
      }
      ask = Ask.toReach(0, true);
      closers.add(ask);
      wake();
    } finally {
      lock.unlock();
    }
    ask.awaitThroughInterrupts();
  }

  // ---- Moving on -------------------------------------------------------------------------------

  /// With the lock held: there may be something to do.
  private void wake() {
    if (!running && nextStep() != Step.NONE) {
      running = true;
      Thread.ofVirtual().name("ringwell-sink").start(this::run);
    }
  }

  private enum Step {
    NONE,
    WRITE,
    FLUSH,
    FINISH,
    ABANDON,
    CLOSE
  }

  private Step nextStep() {
    if (closed) {
      return Step.NONE;
    }
    if (state == State.FAILED) {
      return !abandoned ? Step.ABANDON : inFlight == 0 ? Step.CLOSE : Step.NONE;
    }
    if (state == State.COMPLETE) {
      return closers.isEmpty() ? Step.NONE : Step.CLOSE;
    }
    if (backlog.isEmpty() && inFlight == 0 && state == State.COMPLETING) {
      return Step.FINISH;
    }
    if (inFlight < shape.inFlight() && isWriteDue()) {
      return Step.WRITE;
    }
    return !flushes.isEmpty() && flushes.getFirst().target <= written ? Step.FLUSH : Step.NONE;
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

  private void run() {
    while (true) {
      Step step;
      Write write = null;
      List<Ask> flushed = List.of();
      lock.lock();
      try {
        step = nextStep();
        switch (step) {
          case NONE -> {
            running = false;
            return;
          }
          case WRITE -> {
            write = new Write(backlog.take(shape.bytes(), shape.exact()));
            writes.add(write);
            inFlight++;
          }
          case FLUSH -> flushed = takeFlushed();
          case ABANDON -> abandoned = true;
          case FINISH -> finishing = true;
          case CLOSE -> {}
        }
      } finally {
        lock.unlock();
      }
      step(step, write, flushed);
    }
  }

  private List<Ask> takeFlushed() {
    List<Ask> reached = new ArrayList<>();
    while (!flushes.isEmpty() && flushes.getFirst().target <= written) {
      reached.add(flushes.removeFirst());
    }
    return reached;
  }

  private void step(Step step, @Nullable Write write, List<Ask> flushed) {
    switch (step) {
      case WRITE -> begin(Objects.requireNonNull(write));
      case FLUSH -> {
        IOException failure = attempt(outlet::flush);
        for (Ask ask : flushed) {
          ask.settle(failure);
        }
        book(failure);
      }
      case FINISH -> {
        IOException failure = attempt(() -> outlet.finish(taken()));
        lock.lock();
        try {
          if (failure == null) {
            state = State.COMPLETE;
            settleAll(completers, null);
            settleAll(flushes, null);
          } else {
            failed(failure);
          }
        } finally {
          lock.unlock();
        }
      }
      case ABANDON -> book(attempt(outlet::abandon));
      case CLOSE -> {
        IOException failure = attempt(outlet::close);
        lock.lock();
        try {
          ended(failure);
        } finally {
          lock.unlock();
        }
      }
      case NONE -> throw new AssertionError();
    }
  }

  private void ended(@Nullable IOException failure) {
    closed = true;
    running = false;
    closeError = closers.isEmpty() ? failure : null;
    if (failure != null && error != null && failure != error) {
      error.addSuppressed(failure);
    }
    // Who completed a sink that failed hears of it when all is tidied up.
    settleAll(completers, error);
    settleAll(closers, failure);
  }

  private void begin(Write write) {
    CompletionStage<@Nullable Void> stage;
    try {
      stage = outlet.write(write.bytes);
    } catch (Throwable e) {
      done(write, asIo(e));
      return;
    }
    stage.whenComplete((nothing, failure) -> done(write, failure == null ? null : asIo(failure)));
  }

  /// From any thread.
  private void done(Write write, @Nullable IOException failure) {
    lock.lock();
    try {
      write.bytes.close();
      write.done = true;
      held -= write.size;
      inFlight--;
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

  private void book(@Nullable IOException failure) {
    if (failure != null) {
      lock.lock();
      try {
        failed(failure);
      } finally {
        lock.unlock();
      }
    }
  }

  private interface Attempt {
    void run() throws IOException;
  }

  /// An outlet's own exceptions end the sink, never its thread.
  private @Nullable IOException attempt(Attempt attempt) {
    try {
      attempt.run();
      return null;
    } catch (Throwable e) {
      return asIo(e);
    }
  }

  private IOException asIo(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof IOException io
        ? io
        : new IOException(name + " failed: " + cause, cause);
  }

  // ---- Asking ----------------------------------------------------------------------------------

  @Override
  public long maxBytes() {
    return maxBytes;
  }

  @Override
  public long taken() {
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
