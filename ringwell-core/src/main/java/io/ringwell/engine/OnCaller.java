package io.ringwell.engine;

import io.ringwell.memory.IoBuffer;
import io.ringwell.sys.CachedOpen;
import io.ringwell.sys.CachedRead;
import io.ringwell.sys.FileCalls;
import io.ringwell.sys.SocketCalls;
import java.util.Objects;

/// What needs no hand-off, since it can be had at once: reads of what lies in the page cache, sends
/// for which there is room. On the caller's thread, which waits for nobody ([Engine#tryNow]).
final class OnCaller {
  /// A file whose tries have cost this much more than they brought is tried only now and then.
  private static final int DOUBTED = 32;

  /// The most that is remembered, so that a file that is cached by now is found to be soon.
  private static final int MOST_DOUBT = 2 * DOUBTED;

  /// A hit saves about four times what a miss costs: two hand-overs against one system call.
  private static final int WORTH_OF_HIT = 4;

  private static final int DOUBT_MASK = 15;

  /// More than this is copied by the ring's thread while the caller goes on.
  private static final int MOST_SENT = 4 << 10;

  private final AbstractEngine engine;
  private final Counters counters;

  OnCaller(AbstractEngine engine) {
    this.engine = engine;
    this.counters = engine.counters;
  }

  /// The attempt on the caller's thread costs a system call even where it fails, so a file whose
  /// reads miss the cache again and again is tried one time in 16.
  boolean tryNow(Operation op) {
    if (op.rwFlags != 0
        || op.future != null
        || op.linked != null
        || op.completions != null
        || op.listener != null
        || !op.isFree()) {
      return false;
    }
    if (op.kind == SendKind.INSTANCE) {
      return engine.makesCalls() && trySend(op);
    }
    if (!CachedRead.available()) {
      return false;
    }
    if (op.kind == ReadFileKind.INSTANCE) {
      return engine.makesCalls() && tryFileNow(op);
    }
    if (!(op.kind instanceof ReadKind)) {
      return false;
    }
    FileHandle file = op.handle();
    if (file.isDirect() || !file.isSeekable() || file.descriptor < 0 || isDoubted(file)) {
      return false;
    }
    engine.requireOpen();
    IoBuffer into = Objects.requireNonNull(op.buffer);
    into.lend();
    try {
      file.enter(engine);
      try {
        return readNow(op, file);
      } finally {
        file.gate.exit();
      }
    } finally {
      into.giveBack();
    }
  }

  private boolean tryFileNow(Operation op) {
    engine.requireOpen();
    IoBuffer into = Objects.requireNonNull(op.buffer);
    into.lend();
    try {
      if (!engine.gate.enter()) {
        throw AbstractEngine.closed();
      }
      try {
        return readFileNow(op);
      } finally {
        engine.gate.exit();
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

  /// On the thread of a ring, an entry of its next batch costs less than a call.
  private boolean trySend(Operation op) {
    FileHandle socket = op.handle();
    if (op.mode == SendKind.ZERO_COPY
        || op.remaining() > MOST_SENT
        || socket.descriptor < 0
        || Thread.currentThread() instanceof EngineThread) {
      return false;
    }
    engine.requireOpen();
    op.lend();
    try {
      socket.enter(engine);
      try {
        return sendNow(op, socket.descriptor);
      } finally {
        socket.gate.exit();
      }
    } finally {
      op.giveBack();
    }
  }

  /// What is not taken waits in the engine; what went wrong, the engine finds out.
  private boolean sendNow(Operation op, int descriptor) {
    long sent = SocketCalls.sendNow(descriptor, op.address + op.transferred, (int) op.remaining());
    op.transferred += Math.max(sent, 0);
    if (op.remaining() > 0) {
      counters.syscalls.increment();
      return false;
    }
    counters.onCaller.increment();
    counters.bytes.add(op.transferred);
    op.doneAtOnce();
    return true;
  }
}
