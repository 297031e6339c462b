package io.ringwell.engine;

import io.ringwell.memory.BufferPool;
import io.ringwell.sys.CachedRead;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// What both engines share: the files that are open, counting, the memory pool, reads on the
/// caller's thread.
abstract class AbstractEngine implements Engine {
  /// One operation in this many is timed.
  private static final int SAMPLE_MASK = 63;

  /// After this many reads in a row that were not cached, a file's reads try only now and then.
  private static final int MISSES_TO_DOUBT = 32;

  private static final int DOUBT_MASK = 15;

  final EngineOptions options;
  final BufferPool pool;
  final Counters counters = new Counters();
  final Set<FileHandle> openFiles = ConcurrentHashMap.newKeySet();

  /// Who hands an operation over is inside for as long; a closing engine waits for them, so that
  /// nothing is queued behind its back.
  final Gate accepting = new Gate();

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

  /// Passes the gate, for an operation to be handed over.
  ///
  /// @return the stripe to leave by
  final int enter() {
    int stripe = Gate.stripe();
    if (!accepting.enter(stripe)) {
      throw new IllegalStateException("the engine is closed");
    }
    return stripe;
  }

  /// Takes nothing new, and waits until what is being handed over has been. False where the engine
  /// was closed before.
  final boolean closeAcceptance() {
    CountDownLatch shut = new CountDownLatch(1);
    if (!accepting.close(shut::countDown)) {
      return false;
    }
    EngineEvents.closed(this);
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
    return true;
  }

  /// Starts the clock of one operation in 64: the ticket counts uses of the slot, the identity
  /// spreads operations that are used once.
  static void stamp(Operation op) {
    op.startNanos =
        ((op.ticket ^ System.identityHashCode(op)) & SAMPLE_MASK) == 0 ? System.nanoTime() : 0;
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
    if (op.kind.transfers()) {
      counters.bytes.add(op.transferred);
    }
    if (op.continued != 0) {
      counters.continued.add(op.continued);
    }
    if (op.startNanos != 0) {
      counters.latency.record(System.nanoTime() - op.startNanos);
    }
  }

  /// The attempt on the caller's thread costs a system call even where it fails, so a file whose
  /// reads miss the cache again and again is tried one time in 16.
  @Override
  public boolean tryNow(Operation op) {
    if (!(op.kind instanceof ReadKind) || op.rwFlags != 0 || !CachedRead.available()) {
      return false;
    }
    FileHandle file = op.handle();
    if (!op.isFree() || file.isDirect() || !file.isSeekable() || file.descriptor < 0) {
      return false;
    }
    file.requireUsable(this);
    int misses = file.cacheMisses;
    if (misses > MISSES_TO_DOUBT) {
      file.cacheMisses = misses + 1;
      if ((misses & DOUBT_MASK) != 0) {
        return false;
      }
    }
    int stripe = Gate.stripe();
    if (!file.gate.enter(stripe)) {
      return false;
    }
    long read;
    try {
      read =
          CachedRead.read(
              file.descriptor,
              op.address + op.transferred,
              op.remaining(),
              op.offset + op.transferred);
    } finally {
      file.gate.exit(stripe);
    }
    counters.syscalls.increment();
    if (read > 0) {
      op.transferred += read;
    }
    if (read == 0 || op.remaining() == 0) {
      if (misses != 0) {
        file.cacheMisses = 0;
      }
      counters.operations.increment();
      counters.onCaller.increment();
      counters.bytes.add(op.transferred);
      op.doneAtOnce();
      return true;
    }
    if (misses <= MISSES_TO_DOUBT) {
      file.cacheMisses = misses + 1;
    }
    return false;
  }
}
