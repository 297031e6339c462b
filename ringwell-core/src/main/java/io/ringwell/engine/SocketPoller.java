package io.ringwell.engine;

import io.ringwell.sys.Errno;
import java.io.IOException;
import java.io.UncheckedIOException;
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

  /// @param attempt tries an operation again, on the poller's thread
  SocketPoller(Consumer<Operation> attempt) {
    this.attempt = attempt;
  }

  /// Has `op` tried again when `channel` is ready for it.
  void await(Operation op, SelectableChannel channel) {
    Wait wait = new Wait(op, channel);
    waiting.put(op, wait);
    if (stopped || op.cancelled) {
      cancel(op);
      return;
    }
    arrived.add(wait);
    wake();
  }

  /// Ends the wait of `op`, if it waits.
  void cancel(Operation op) {
    Wait wait = waiting.remove(op);
    if (wait != null) {
      run(() -> forget(wait));
      op.attempted(-Errno.ECANCELED);
    }
  }

  /// The engine is closing: cancels what waits, and what comes.
  void stop() {
    stopped = true;
    for (Operation op : waiting.keySet()) {
      cancel(op);
    }
  }

  /// Runs `task` on the poller's thread.
  void run(Runnable task) {
    tasks.add(task);
    wake();
  }

  /// Closes `channel` on the poller's thread, which lets go of its descriptor, and runs `then`.
  void close(SelectableChannel channel, Consumer<@Nullable IOException> then) {
    run(() -> {
      IOException failure = null;
      try {
        channel.close();
        selector().selectNow();
      } catch (IOException e) {
        failure = e;
      }
      byChannel.remove(channel);
      then.accept(failure);
    });
  }

  private synchronized Selector selector() {
    Selector own = selector;
    if (own == null) {
      try {
        own = Selector.open();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      selector = own;
    }
    return own;
  }

  private void wake() {
    Selector own = selector();
    synchronized (this) {
      if (thread == null) {
        Thread started = new Thread(this::poll, "ringwell-poller");
        started.setDaemon(true);
        thread = started;
        started.start();
      }
    }
    own.wakeup();
  }

  // ---- The poller's thread ---------------------------------------------------------------------

  private void poll() {
    Selector own = selector();
    try (own) {
      while (!ended || !tasks.isEmpty()) {
        own.select(millisLeft());
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          guarded(task);
        }
        takeReady(own.selectedKeys());
        for (Wait wait = arrived.poll(); wait != null; wait = arrived.poll()) {
          start(wait);
        }
        expire();
      }
    } catch (IOException e) {
      stopped = true;
      waiting.values().forEach(wait -> fail(wait, e));
      throw new UncheckedIOException("the selector failed", e);
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
        lost.forEach(wait -> fail(wait, e));
      }
    }
  }

  private void fail(Wait wait, Exception why) {
    deadlines.remove(wait);
    if (waiting.remove(wait.op, wait)) {
      wait.op.broke(why);
      wait.op.attempted(-Errno.EIO);
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
    synchronized (this) {
      running = thread;
    }
    ended = true;
    if (running == null) {
      return;
    }
    selector().wakeup();
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
}
