package io.ringwell.engine;

import io.ringwell.sys.Errno;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Waits for sockets where there is no ring: channels that do not block, and one thread with a
/// selector. The thread starts with the first operation that has to wait.
///
/// An operation that waits is in `waiting`; whoever takes it out ends it or tries it again: the
/// poller's thread when its channel is ready or its deadline has come, and whoever cancels it.
final class SocketPoller {
  /// Opens a selector.
  interface Opening {
    Selector open() throws IOException;
  }

  /// One wait of an operation, which may wait again later. Waits have identity.
  private static final class Wait {
    final Operation op;
    final SelectableChannel channel;
    final long deadlineNanos;

    /// Of the operation as it waits: who cancels it may make another of it at once.
    final int interest;

    Wait(Operation op, SelectableChannel channel) {
      this.op = op;
      this.channel = channel;
      this.deadlineNanos = op.deadlineNanos;
      this.interest = ((SocketKind) op.kind).interest();
    }

    long deadlineNanos() {
      return deadlineNanos;
    }
  }

  private final Consumer<Operation> attempt;
  private final Opening opening;
  private final Map<Operation, Wait> waiting = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Wait> arrived = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Map<SelectableChannel, List<Wait>> byChannel = new HashMap<>();
  private final PriorityQueue<Wait> deadlines =
      new PriorityQueue<>(Comparator.comparingLong(Wait::deadlineNanos));
  private @Nullable Selector selector;
  private @Nullable Thread thread;
  private volatile boolean stopped;
  private volatile boolean ended;

  /// What the poller's thread ended by, before its time.
  private volatile @Nullable Throwable failure;

  /// @param attempt tries an operation again, on the poller's thread
  SocketPoller(Consumer<Operation> attempt, Opening opening) {
    this.attempt = attempt;
    this.opening = opening;
  }

  /// Has `op` tried again when `channel` is ready for it. Where nothing can wait for it, `op` ends
  /// with that error.
  void await(Operation op, SelectableChannel channel) {
    Wait wait = new Wait(op, channel);
    waiting.put(op, wait);
    if (stopped || op.cancelled) {
      cancel(wait);
      return;
    }
    Throwable why = hand(wait, arrived);
    if (why != null) {
      fail(wait, why);
    }
  }

  /// Ends the wait of `op`, if it waits.
  void cancel(Operation op) {
    Wait wait = waiting.get(op);
    if (wait != null) {
      cancel(wait);
    }
  }

  /// Ends this wait, and no later one.
  private void cancel(Wait wait) {
    if (waiting.remove(wait.op, wait)) {
      // Without a thread there is nobody who had to forget it.
      hand(() -> forget(wait), tasks);
      wait.op.attempted(-Errno.ECANCELED);
    }
  }

  /// The engine is closing: cancels what waits, and what comes.
  void stop() {
    stopped = true;
    waiting.values().forEach(this::cancel);
  }

  /// Closes `channel` on the poller's thread, which lets go of its descriptor, and runs `then`.
  /// Without a thread nothing holds the descriptor, and it is done here.
  void close(SelectableChannel channel, Consumer<@Nullable IOException> then) {
    Runnable task =
        () -> {
          IOException told = closed(channel);
          try {
            selector().selectNow();
          } catch (IOException e) {
            told = e;
          } catch (ClosedSelectorException _) {
            // It holds nothing any more.
          }
          byChannel.remove(channel);
          then.accept(told);
        };
    if (hand(task, tasks) != null) {
      then.accept(closed(channel));
    }
  }

  private static @Nullable IOException closed(SelectableChannel channel) {
    try {
      channel.close();
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  /// Hands something to the poller's thread.
  ///
  /// @return why there is no thread to take it; null where it is taken
  private <T> @Nullable Throwable hand(T what, ConcurrentLinkedQueue<T> queue) {
    queue.add(what);
    try {
      wake();
      return null;
    } catch (IOException | RuntimeException | Error e) {
      // Another may have started the thread meanwhile, which has taken it then.
      return queue.remove(what) ? e : null;
    }
  }

  private synchronized Selector selector() throws IOException {
    Selector own = selector;
    if (own == null) {
      own = opening.open();
      selector = own;
    }
    return own;
  }

  private void wake() throws IOException {
    Throwable failed = failure;
    if (failed != null) {
      throw new IOException("the poller's thread failed", failed);
    }
    Selector own = selector();
    synchronized (this) {
      if (thread == null) {
        Thread started = new Thread(() -> poll(own), "ringwell-poller");
        started.setDaemon(true);
        started.start(); // first: one that does not start is none
        thread = started;
      }
    }
    own.wakeup();
  }

  // ---- The poller's thread ---------------------------------------------------------------------

  private void poll(Selector own) {
    try (own) {
      while (!ended || !tasks.isEmpty()) {
        own.select(millisLeft());
        runTasks();
        takeReady(own.selectedKeys());
        for (Wait wait = arrived.poll(); wait != null; wait = arrived.poll()) {
          start(wait);
        }
        expire();
      }
    } catch (IOException | RuntimeException | Error e) {
      // With the selector closed nothing holds a channel's descriptor: the tasks can be run here.
      failure = e;
      EngineLog.workerFailed(e);
      runTasks();
      waiting.values().forEach(wait -> fail(wait, e));
    }
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      guarded(task);
    }
  }

  /// The thread goes on with the others.
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      EngineLog.workerFailed(e);
    }
  }

  /// Rounded up, so that the deadline has passed; 0 is without end.
  private long millisLeft() {
    Wait next = deadlines.peek();
    if (next == null || ended) {
      return ended ? 1 : 0;
    }
    long left = next.deadlineNanos - System.nanoTime();
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(left) + 1);
  }

  private boolean isWaiting(Wait wait) {
    return waiting.get(wait.op) == wait;
  }

  private void start(Wait wait) {
    if (!isWaiting(wait)) {
      return;
    }
    byChannel.computeIfAbsent(wait.channel, _ -> new ArrayList<>(2)).add(wait);
    if (wait.deadlineNanos != Long.MAX_VALUE) {
      deadlines.add(wait);
    }
    want(wait.channel);
  }

  /// Tells the selector what those who wait for `channel` wait for.
  private void want(SelectableChannel channel) {
    int interest = 0;
    for (Wait wait : byChannel.getOrDefault(channel, List.of())) {
      interest |= wait.interest;
    }
    try {
      SelectionKey key = channel.keyFor(selector());
      if (key != null && key.isValid()) {
        key.interestOps(interest);
      } else if (channel.isOpen()) {
        channel.register(selector(), interest);
      }
    } catch (IOException | RuntimeException e) {
      // Nobody would wake them. The other channels' waits go on.
      List<Wait> lost = byChannel.remove(channel);
      if (lost != null) {
        deadlines.removeAll(lost);
        lost.forEach(wait -> fail(wait, e));
      }
    }
  }

  /// From any thread.
  private void fail(Wait wait, Throwable why) {
    if (waiting.remove(wait.op, wait)) {
      int errno = Errno.EIO;
      if (why instanceof IOException e) {
        wait.op.cause = e;
        errno = Workers.errnoOf(e);
      } else {
        wait.op.broke(why);
      }
      wait.op.attempted(-errno);
    }
  }

  private void takeReady(Set<SelectionKey> keys) {
    for (SelectionKey key : keys) {
      if (key.isValid()) {
        ready(key.channel(), key.readyOps());
      }
    }
    keys.clear();
  }

  private void ready(SelectableChannel channel, int ops) {
    List<Wait> all = byChannel.getOrDefault(channel, List.of());
    for (Wait wait : List.copyOf(all)) {
      if ((wait.interest & ops) != 0) {
        all.remove(wait);
        if (waiting.remove(wait.op, wait)) {
          deadlines.remove(wait);
          guarded(() -> attempt.accept(wait.op));
        }
      }
    }
    want(channel);
  }

  private void forget(Wait wait) {
    deadlines.remove(wait);
    List<Wait> all = byChannel.get(wait.channel);
    if (all != null && all.remove(wait)) {
      want(wait.channel);
    }
  }

  private void expire() {
    long now = System.nanoTime();
    for (Wait next = deadlines.peek();
        next != null && next.deadlineNanos - now <= 0;
        next = deadlines.peek()) {
      deadlines.poll();
      forget(next);
      if (waiting.remove(next.op, next)) {
        next.op.attempted(-Errno.ECANCELED);
      }
    }
  }

  /// Nothing waits any more: ends the thread, and gives up the selector.
  void end() {
    Thread running;
    Selector own;
    synchronized (this) {
      running = thread;
      own = selector;
    }
    ended = true;
    if (own == null) {
      return;
    }
    if (running == null) {
      closeUnused(own);
      return;
    }
    own.wakeup();
    boolean interrupted = false;
    while (running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// It was for a thread that could not be started.
  private static void closeUnused(Selector own) {
    try {
      own.close();
    } catch (IOException e) {
      EngineLog.closeFailed("a selector", Workers.errnoOf(e));
    }
  }
}
