package io.ringwell.kv;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/// Shows all entries of an iterator to a visitor, on threads of the caller's, none of which it
/// holds while something is read.
///
/// What is in memory is visited in turns, one task of the executor each, so that many scans share
/// few threads and none starves the others.
public final class KvScan {
  private final KvIterator entries;
  private final KvVisitor visitor;
  private final Executor executor;
  private final int entriesPerTurn;
  private final CompletableFuture<Long> done = new CompletableFuture<>();
  private long visited;

  private KvScan(KvIterator entries, KvVisitor visitor, Executor executor, int entriesPerTurn) {
    this.entries = entries;
    this.visitor = visitor;
    this.executor = executor;
    this.entriesPerTurn = entriesPerTurn;
  }

  /// Visits the entries behind where `entries` stands, up to the last or until the visitor says
  /// stop. `entries` stays the caller's, who does not touch it before the scan is done, except to
  /// close it, which ends the scan with `IllegalStateException`.
  ///
  /// @param executor runs the turns, one at a time; it may run them on the calling thread
  /// @param entriesPerTurn after how many entries others come first; some hundreds cost next to
  ///   nothing
  /// @return the number of entries visited; fails with what the iterator or the visitor threw, or
  ///   the executor when it refused a turn
  /// @throws IllegalArgumentException if `entriesPerTurn` is less than 1
  public static CompletionStage<Long> forEach(
      KvIterator entries, KvVisitor visitor, Executor executor, int entriesPerTurn) {
    Objects.requireNonNull(entries, "entries");
    Objects.requireNonNull(visitor, "visitor");
    Objects.requireNonNull(executor, "executor");
    if (entriesPerTurn < 1) {
      throw new IllegalArgumentException(entriesPerTurn + " entries a turn");
    }
    KvScan scan = new KvScan(entries, visitor, executor, entriesPerTurn);
    scan.resume();
    return scan.done.minimalCompletionStage();
  }

  /// One task of the executor. One that runs its tasks at once, on the thread that hands them over,
  /// is told to return, and the turn taken where it was handed over: the stack does not grow.
  private final class Turn implements Runnable {
    private enum Hand {
      OVER,
      RETURNED,
      INLINE
    }

    private final Thread from = Thread.currentThread();
    private final AtomicReference<Hand> hand = new AtomicReference<>(Hand.OVER);

    /// Whether the turn is to be taken by the caller.
    boolean handOver() {
      try {
        executor.execute(this);
      } catch (Throwable e) {
        done.completeExceptionally(e);
        return false;
      }
      return !hand.compareAndSet(Hand.OVER, Hand.RETURNED) && hand.get() == Hand.INLINE;
    }

    @Override
    public void run() {
      if (Thread.currentThread() != from || !hand.compareAndSet(Hand.OVER, Hand.INLINE)) {
        takeTurns();
      }
    }
  }

  private void resume() {
    if (new Turn().handOver()) {
      takeTurns();
    }
  }

  /// One, and those that nobody else takes.
  private void takeTurns() {
    do {
      boolean over;
      try {
        over = turn();
      } catch (Throwable e) {
        done.completeExceptionally(e);
        return;
      }
      if (over) {
        return;
      }
    } while (new Turn().handOver());
  }

  /// False if another turn is to follow; else the scan is done, or goes on when something was read.
  private boolean turn() throws Exception {
    for (int i = 0; i < entriesPerTurn; i++) {
      int result = Ladder.poll(entries);
      if (result == KvIterator.PENDING) {
        CompletableFuture<Void> ready = entries.ready().toCompletableFuture();
        if (ready.isDone()) {
          return false;
        }
        var _ = ready.whenComplete((nothing, failure) -> resume());
        return true;
      }
      if (result == KvIterator.END) {
        done.complete(visited);
        return true;
      }
      visited++;
      if (!visitor.visit(entries)) {
        done.complete(visited);
        return true;
      }
    }
    return false;
  }
}
