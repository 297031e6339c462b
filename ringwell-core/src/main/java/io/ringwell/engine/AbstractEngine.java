package io.ringwell.engine;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.IoBuffer;
import io.ringwell.sys.CachedOpen;
import io.ringwell.sys.CachedRead;
import io.ringwell.sys.FileCalls;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectableChannel;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// What both engines share: the files that are open, counting, the memory pool, reads on the
/// caller's thread.
abstract class AbstractEngine implements Engine {
  /// One operation in this many is timed.
  private static final int SAMPLE_MASK = 63;

  /// A file whose tries have cost this much more than they brought is tried only now and then.
  private static final int DOUBTED = 32;

  /// The most that is remembered, so that a file that is cached by now is found to be soon.
  private static final int MOST_DOUBT = 2 * DOUBTED;

  /// A hit saves about four times what a miss costs: two hand-overs against one system call.
  private static final int WORTH_OF_HIT = 4;

  private static final int DOUBT_MASK = 15;

  final EngineOptions options;
  final BufferPool pool;
  final Counters counters = new Counters();
  final Set<FileHandle> openFiles = ConcurrentHashMap.newKeySet();

  /// Operations on no file are inside while they are in flight, and so are closes.
  final Gate gate = new Gate();

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

  /// The attempt on the caller's thread costs a system call even where it fails, so a file whose
  /// reads miss the cache again and again is tried one time in 16.
  @Override
  public boolean tryNow(Operation op) {
    if (op.rwFlags != 0
        || op.future != null
        || op.linked != null
        || op.completions != null
        || op.listener != null
        || !op.isFree()
        || !CachedRead.available()) {
      return false;
    }
    if (op.kind == ReadFileKind.INSTANCE) {
      return makesCalls() && tryFileNow(op);
    }
    if (!(op.kind instanceof ReadKind)) {
      return false;
    }
    FileHandle file = op.handle();
    if (file.isDirect() || !file.isSeekable() || file.descriptor < 0 || isDoubted(file)) {
      return false;
    }
    requireOpen();
    IoBuffer into = Objects.requireNonNull(op.buffer);
    into.lend();
    try {
      file.enter(this);
      try {
        return readNow(op, file);
      } finally {
        file.gate.exit();
      }
    } finally {
      into.giveBack();
    }
  }

  /// Whether it may make system calls of its own.
  boolean makesCalls() {
    return true;
  }

  private boolean tryFileNow(Operation op) {
    requireOpen();
    IoBuffer into = Objects.requireNonNull(op.buffer);
    into.lend();
    try {
      if (!gate.enter()) {
        throw closed();
      }
      try {
        return readFileNow(op);
      } finally {
        gate.exit();
      }
    } finally {
      into.giveBack();
    }
  }

  /// Whatever goes wrong, the engine finds out: it begins anew.
  private boolean readFileNow(Operation op) {
    int fd = CachedOpen.open(op.scratch().address() + ReadFileKind.PATH_AT);
    if (fd < 0) {
      counters.syscalls.increment();
      return false;
    }
    int calls = 2;
    long read;
    do {
      read = CachedRead.read(fd, op.address + op.transferred, op.remaining(), op.transferred);
      calls++;
      op.transferred += Math.max(read, 0);
    } while (read > 0 && op.remaining() > 0);
    FileCalls.close(fd);
    if (read < 0) {
      counters.syscalls.add(calls);
      op.transferred = 0;
      return false;
    }
    counters.syscalls.add(calls - 1);
    counters.onCaller.increment();
    counters.bytes.add(op.transferred);
    op.doneAtOnce();
    return true;
  }

  private static boolean isDoubted(FileHandle file) {
    return file.doubt > DOUBTED && (file.doubtedReads++ & DOUBT_MASK) != 0;
  }

  /// A short read is followed by another, which tells the end of the file from the end of what is
  /// cached.
  private boolean readNow(Operation op, FileHandle file) {
    long read;
    int calls = 0;
    do {
      read =
          CachedRead.read(
              file.descriptor,
              op.address + op.transferred,
              op.remaining(),
              op.offset + op.transferred);
      calls++;
      op.transferred += Math.max(read, 0);
    } while (read > 0 && op.remaining() > 0);
    if (read < 0) {
      counters.syscalls.add(calls);
      file.doubt = Math.min(file.doubt + 1, MOST_DOUBT);
      return false;
    }
    if (file.doubt != 0) {
      file.doubt = Math.max(file.doubt - WORTH_OF_HIT, 0);
    }
    if (calls > 1) {
      counters.syscalls.add(calls - 1);
    }
    counters.onCaller.increment();
    counters.bytes.add(op.transferred);
    op.doneAtOnce();
    return true;
  }
}
