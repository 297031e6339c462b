package io.ringwell.window;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.Engine;
import io.ringwell.engine.Operation;
import java.io.InterruptedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Where the reads of a reader, or of a set of them, arrive when they are complete.
///
/// Operations of the engine come through a [CompletionQueue]. Reads of sources and maps come from
/// any thread by [#deliver]. Whoever waits, waits in the queue while operations are in flight, and
/// then what is delivered wakes it by an operation that does nothing; else it just parks. The
/// waiter sets its flag and looks once more, whoever delivers puts down and then reads the flag:
/// one of the two sees the other.
///
/// **Threads.** [#deliver] any; all else the one thread that uses reader or set.
final class Arrivals {
  private static final VarHandle ARRIVED;
  private static final VarHandle WAKING;
  private static final long NOT_A_SLOT = -1;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      ARRIVED = lookup.findVarHandle(Arrivals.class, "arrived", Slot.class);
      WAKING = lookup.findVarHandle(Arrivals.class, "waking", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Engine engine;
  private final CompletionQueue queue = new CompletionQueue();

  /// Slots whose operations are in flight, by the operation's tag.
  private Slot[] flying = new Slot[4];

  private int[] freeTags = {3, 2, 1, 0};
  private int freeCount = 4;

  /// Slots whose operations found the engine's queue full.
  private final ArrayDeque<Slot> refused = new ArrayDeque<>();

  /// Whether those are not offered again for now: a reader closes, and its engine may be closed.
  private boolean closing;

  private int operations;
  private int foreign;

  private @Nullable Operation timer;

  @SuppressWarnings("UnusedVariable") // through ARRIVED
  private volatile @Nullable Slot arrived;

  private @Nullable Slot taken;
  private volatile @Nullable Thread parked;
  private volatile boolean inQueue;
  private final Operation wake = new Operation().tag(NOT_A_SLOT);

  @SuppressWarnings("UnusedVariable") // through WAKING
  private volatile boolean waking;

  Arrivals(Engine engine) {
    this.engine = engine;
  }

  /// Whether something may arrive.
  boolean isActive() {
    return operations > 0 || foreign > 0;
  }

  /// Submits the slot's operation; where the engine's queue is full, later. Never blocks.
  void submit(Slot slot) {
    Operation op = Objects.requireNonNull(slot.op);
    if (freeCount == 0) {
      grow();
    }
    int tag = freeTags[--freeCount];
    op.tag(tag).notifying(queue);
    boolean begun = false;
    try {
      if (!refused.isEmpty() || !engine.trySubmit(op)) {
        refused.add(slot);
      }
      begun = true;
    } finally {
      if (!begun) {
        freeTags[freeCount++] = tag;
      }
    }
    flying[tag] = slot;
    operations++;
  }

  private void grow() {
    int before = flying.length;
    flying = Arrays.copyOf(flying, 2 * before);
    freeTags = Arrays.copyOf(freeTags, 2 * before);
    for (int tag = before; tag < 2 * before; tag++) {
      freeTags[freeCount++] = tag;
    }
  }

  /// Takes back a slot whose operation the engine has not accepted yet; false where it has.
  boolean withdraw(Slot slot) {
    if (!refused.remove(slot)) {
      return false;
    }
    freeTags[freeCount++] = (int) Objects.requireNonNull(slot.op).tag();
    operations--;
    return true;
  }

  /// While `on`, nothing is submitted: whoever closes waits for what the engine has.
  void closing(boolean on) {
    closing = on;
  }

  /// A read was started that will be delivered.
  void expectForeign() {
    foreign++;
  }

  /// A read that was expected will not be delivered.
  void forgetForeign() {
    foreign--;
  }

  /// Takes in a read that completed outside of the engine. From any thread, once for each that was
  /// expected.
  void deliver(Slot slot) {
    Slot head;
    do {
      head = (Slot) ARRIVED.getVolatile(this);
      slot.nextArrived = head;
    } while (!ARRIVED.compareAndSet(this, head, slot));
    Thread sleeper = parked;
    if (sleeper != null) {
      LockSupport.unpark(sleeper);
    }
    if (inQueue && WAKING.compareAndSet(this, false, true)) {
      wakeTaker();
    }
  }

  private void wakeTaker() {
    wake.nop().notifying(queue);
    try {
      if (engine.trySubmit(wake)) {
        return;
      }
    } catch (IllegalStateException closing) {
      // A closing engine completes everything, also what the taker waits for.
      return;
    }
    Thread.startVirtualThread(() -> {
      try {
        engine.submit(wake);
      } catch (InterruptedIOException e) {
        throw new AssertionError("nobody knows this thread", e);
      }
    });
  }

  /// A slot whose read is complete, or null. Never blocks, allocates nothing.
  @Nullable Slot poll() {
    if (operations > 0) {
      if (!refused.isEmpty() && !closing) {
        retryRefused();
      }
      Slot done = pollQueue();
      if (done != null) {
        return done;
      }
    }
    return foreign > 0 ? pollForeign() : null;
  }

  private void retryRefused() {
    while (!refused.isEmpty() && engine.trySubmit(Objects.requireNonNull(refused.peek().op))) {
      refused.remove();
    }
  }

  private @Nullable Slot pollQueue() {
    while (true) {
      Operation op = queue.poll();
      if (op == null) {
        return null;
      }
      Slot slot = slotOf(op);
      if (slot != null) {
        return slot;
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // Operations have identity.
  private @Nullable Slot slotOf(Operation op) {
    if (op.tag() == NOT_A_SLOT) {
      if (op == wake) {
        WAKING.setVolatile(this, false);
      } else if (op == timer) {
        timer = null;
      }
      return null;
    }
    int tag = (int) op.tag();
    Slot slot = flying[tag];
    freeTags[freeCount++] = tag;
    operations--;
    return slot;
  }

  private @Nullable Slot pollForeign() {
    Slot next = taken;
    if (next == null) {
      if (ARRIVED.getVolatile(this) == null) {
        return null;
      }
      next = (Slot) ARRIVED.getAndSet(this, null);
    }
    taken = next.nextArrived;
    next.nextArrived = null;
    foreign--;
    return next;
  }

  /// The next slot whose read is complete; parks until there is one. Null where `deadline`
  /// ([System#nanoTime]; `Long.MAX_VALUE` for none) has come, or nothing can arrive.
  Slot take() throws InterruptedIOException {
    return Objects.requireNonNull(take(Long.MAX_VALUE), "nothing is in flight");
  }

  /// As [#take()], null where `deadline` ([System#nanoTime]) has come first, or nothing is in
  /// flight. [#endTimer] is due when the last call with a deadline has been made.
  @Nullable Slot take(long deadline) throws InterruptedIOException {
    while (true) {
      Slot done = poll();
      if (done != null || !isActive()) {
        return done;
      }
      if (deadline != Long.MAX_VALUE && deadline - System.nanoTime() <= 0) {
        return null;
      }
      if (operations == 0) {
        parkForForeign(deadline);
      } else {
        done = waitInQueue(deadline);
        if (done != null) {
          return done;
        }
      }
    }
  }

  private void parkForForeign(long deadline) throws InterruptedIOException {
    parked = Thread.currentThread();
    try {
      if (ARRIVED.getVolatile(this) == null) {
        if (deadline == Long.MAX_VALUE) {
          LockSupport.park(this);
        } else {
          LockSupport.parkNanos(this, deadline - System.nanoTime());
        }
      }
      if (Thread.interrupted()) {
        throw new InterruptedIOException("interrupted while waiting for a window");
      }
    } finally {
      parked = null;
    }
  }

  private @Nullable Slot waitInQueue(long deadline) throws InterruptedIOException {
    while (!refused.isEmpty() && !closing) {
      engine.submit(Objects.requireNonNull(refused.peek().op));
      refused.remove();
    }
    if (deadline != Long.MAX_VALUE && timer == null) {
      startTimer(deadline);
    }
    inQueue = true;
    try {
      return ARRIVED.getVolatile(this) == null ? slotOf(queue.take()) : null;
    } finally {
      inQueue = false;
    }
  }

  /// The queue knows no time: a timeout of the engine ends the wait.
  private void startTimer(long deadline) throws InterruptedIOException {
    long left = Math.max(0, deadline - System.nanoTime());
    Operation started =
        new Operation().timeout(Duration.ofNanos(left)).tag(NOT_A_SLOT).notifying(queue);
    engine.submit(started);
    timer = started;
  }

  /// Ends the wait's timer, where there is one.
  void endTimer() {
    Operation running = timer;
    if (running != null) {
      timer = null;
      engine.cancel(running);
    }
  }
}
