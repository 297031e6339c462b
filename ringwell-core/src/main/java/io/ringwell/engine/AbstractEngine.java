package io.ringwell.engine;

import io.ringwell.memory.BufferPool;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectableChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// What both engines share: the files that are open, counting, the memory pool.
abstract class AbstractEngine implements Engine {
  /// One operation in this many is timed.
  private static final int SAMPLE_MASK = 63;

  final EngineOptions options;
  final BufferPool pool;
  final Counters counters = new Counters();
  final Set<FileHandle> openFiles = ConcurrentHashMap.newKeySet();

  /// Operations on no file are inside while they are in flight, and so are closes.
  final Gate gate = new Gate();

  private final OnCaller onCaller = new OnCaller(this);

  private volatile boolean closing;

  AbstractEngine(EngineOptions options, BufferPool pool) {
    this.options = options;
    this.pool = pool;
    EngineEvents.opened(this);
  }

  @Override
  public final BufferPool pool() {
    return pool;
  }

  @Override
  public final Engine root() {
    return this;
  }

  static IllegalStateException closed() {
    return new IllegalStateException("the engine is closed");
  }

  final void requireOpen() {
    if (closing) {
      throw closed();
    }
  }

  final boolean isClosing() {
    return closing;
  }

  /// Refuses what is new from here on. False where the engine was closed before.
  final synchronized boolean startClosing() {
    if (closing) {
      return false;
    }
    closing = true;
    EngineEvents.closed(this);
    return true;
  }

  /// Waits until every operation has completed, and closes the files that are still open. Whoever
  /// passed [#requireOpen] before is inside a gate by now, or will be refused by it.
  final void drain() {
    awaitShut(gate);
    for (FileHandle file : openFiles) {
      awaitShut(file.gate);
    }
  }

  /// Closes what is left open when nothing is in flight any more. An accept that succeeded while
  /// [#drain] waited left a socket that it may not have seen: the gate of that is shut here, so
  /// that nobody uses its descriptor when that is another's.
  final void closeLeft(Workers workers) {
    while (!openFiles.isEmpty()) {
      for (FileHandle file : openFiles) {
        awaitShut(file.gate);
        workers.closeNow(file);
      }
    }
  }

  /// Of a file that a close was asked for, the gate is shut by that close.
  private static void awaitShut(Gate gate) {
    CountDownLatch shut = new CountDownLatch(1);
    if (!gate.close(shut::countDown)) {
      return;
    }
    boolean interrupted = false;
    while (true) {
      try {
        shut.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Starts the clock of one operation in 64: the ticket counts uses of the slot, the identity
  /// spreads operations that are used once.
  static void stamp(Operation op) {
    op.startNanos =
        ((op.ticket ^ System.identityHashCode(op)) & SAMPLE_MASK) == 0 ? System.nanoTime() : 0;
  }

  /// Who carries operations on a file that a worker opened.
  Carrier carrierForFiles(Workers workers) {
    return workers;
  }

  /// Who carries operations on a socket that was made or accepted just now.
  Carrier carrierForSockets(Carrier maker) {
    return maker;
  }

  /// Makes the handle of a socket.
  final FileHandle adoptSocket(
      Carrier maker, Operation op, int descriptor, @Nullable SelectableChannel channel) {
    SocketAddress known = op.peer;
    boolean unix =
        known != null ? known instanceof UnixDomainSocketAddress : op.handle().isUnixSocket();
    String name = known != null ? SocketNames.of(known) : op.handle().name();
    FileHandle socket =
        new FileHandle(this, carrierForSockets(maker), name, unix, descriptor, channel);
    openFiles.add(socket);
    return socket;
  }

  /// Gives `op` the result of an attempt that never was.
  abstract void answer(Operation op, int result);

  /// The operation has ended on a thread that is no ring's.
  final void countAndFinish(Operation op) {
    count(op);
    op.finish(options.callbacks(), null);
  }

  final void count(Operation op) {
    counters.operations.increment();
    if (op.errno != 0) {
      counters.failed.increment();
    }
    if (op.kind.countsBytes()) {
      counters.bytes.add(op.transferred);
    }
    if (op.continued != 0) {
      counters.continued.add(op.continued);
    }
    if (op.startNanos != 0) {
      counters.latency.record(System.nanoTime() - op.startNanos);
    }
  }

  @Override
  public boolean tryNow(Operation op) {
    return onCaller.tryNow(op);
  }

  /// Whether it may make system calls of its own.
  boolean makesCalls() {
    return true;
  }
}
