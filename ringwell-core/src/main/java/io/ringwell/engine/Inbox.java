package io.ringwell.engine;

import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What waits for one ring's thread: new operations, bounded; operations that go on, which were
/// admitted before; and requests to cancel.
final class Inbox {
  /// A request to cancel the use of `op` that `ticket` names, and no later one.
  record Cancel(Operation op, int ticket) {}

  private static final int TURNS = 4;

  private final int capacity;
  private final OperationQueue urgent;
  private final OperationQueue normal;
  private final ArrayDeque<Operation> retries = new ArrayDeque<>();
  private final ArrayDeque<Operation> own = new ArrayDeque<>();
  private int turn;
  private final ConcurrentLinkedQueue<Operation> returned = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Cancel> cancels = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Thread> waiters = new ConcurrentLinkedQueue<>();

  Inbox(int capacity) {
    this.capacity = capacity;
    urgent = new OperationQueue(capacity);
    normal = new OperationQueue(capacity);
  }

  // ---- From any thread -------------------------------------------------------------------------

  private OperationQueue queueFor(Operation op) {
    return op.priority == Priority.URGENT ? urgent : normal;
  }

  /// False where the queue is full.
  boolean offer(Operation op) {
    return queueFor(op).offer(op);
  }

  /// Offers `ops[from]` to `ops[to - 1]`, none of them urgent, as one batch.
  ///
  /// @return how many found room, from the front
  int offer(Operation[] ops, int from, int to) {
    return normal.offer(ops, from, to);
  }

  /// Parks until there is room. Who waits is in the list before it looks, so that the ring's
  /// thread, which makes room before it looks at the list, misses nobody.
  void offerParking(Operation op, RingLoop ring) throws InterruptedIOException {
    Thread current = Thread.currentThread();
    while (true) {
      waiters.add(current);
      if (ring.isEnding()) {
        waiters.remove(current);
        throw AbstractEngine.closed();
      }
      if (offer(op)) {
        waiters.remove(current);
        // A wake-up that was meant for another may have come here.
        wakeWaiters(1);
        return;
      }
      ring.wake();
      LockSupport.park(this);
      waiters.remove(current);
      if (Thread.interrupted()) {
        wakeWaiters(1);
        throw new InterruptedIOException("interrupted while the queue was full: " + op);
      }
    }
  }

  /// An operation that goes on, from a thread that is not the ring's.
  void offerReturned(Operation op) {
    returned.add(op);
  }

  void offerCancel(Operation op) {
    cancels.add(new Cancel(op, op.ticket));
  }

  boolean hasCancels() {
    return !cancels.isEmpty();
  }

  boolean hasOperations() {
    return !(normal.isEmpty()
        && urgent.isEmpty()
        && returned.isEmpty()
        && retries.isEmpty()
        && own.isEmpty());
  }

  /// Operations in the bounded queues.
  int waiting() {
    return normal.size() + urgent.size();
  }

  // ---- The ring's thread -----------------------------------------------------------------------

  /// An operation that goes on, from the ring's thread.
  void offerRetry(Operation op) {
    retries.add(op);
  }

  /// A new operation, from the ring's thread: a listener submits the next one.
  ///
  /// @return false where too many wait
  boolean offerOwn(Operation op) {
    return own.size() < capacity && own.add(op);
  }

  /// Those that came from the ring's thread.
  int own() {
    return own.size();
  }

  /// What goes on comes first, since it is under way. Of the rest at least one in [#TURNS] is of
  /// other threads, where they have any: however many connections keep this thread busy with what
  /// their listeners submit, nobody else waits without end.
  @Nullable Operation poll() {
    Operation op = retries.poll();
    if (op == null) {
      op = returned.poll();
    }
    if (op != null) {
      return op;
    }
    turn = (turn + 1) % TURNS;
    if (turn == 0) {
      op = pollOthers();
      return op != null ? op : own.poll();
    }
    op = own.poll();
    return op != null ? op : pollOthers();
  }

  private @Nullable Operation pollOthers() {
    Operation op = urgent.poll();
    return op != null ? op : normal.poll();
  }

  @Nullable Cancel pollCancel() {
    return cancels.poll();
  }

  void wakeAllWaiters() {
    wakeWaiters(Integer.MAX_VALUE);
  }

  void wakeWaiters(int count) {
    for (int i = 0; i < count; i++) {
      Thread waiter = waiters.poll();
      if (waiter == null) {
        return;
      }
      LockSupport.unpark(waiter);
    }
  }
}
