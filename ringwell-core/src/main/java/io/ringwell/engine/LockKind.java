package io.ringwell.engine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringwell.sys.Errno;
import io.ringwell.sys.FileCalls;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/// Advisory locks that belong to the open file (fcntl(2), "Open file description locks"): unlike a
/// process's locks, they hold between threads, and closing another descriptor of the file does not
/// drop them.
///
/// `arguments` is `F_RDLCK`, `F_WRLCK` or `F_UNLCK`; `otherOffset` is the last pause in
/// milliseconds of one that waits, 0 of one that does not. A length of 0 reaches to the end of the
/// file, wherever that will be.
final class LockKind extends WorkerKind {
  static final LockKind INSTANCE = new LockKind();

  static final int SHARED = 0;
  static final int EXCLUSIVE = 1;
  static final int UNLOCK = 2;

  private static final int F_OFD_SETLK = 37;

  /// `struct flock`: type and whence i16, start and length i64 from 8, process i32 at 24.
  private static final int FLOCK_BYTES = 32;

  private static final long LONGEST_PAUSE_MILLIS = 64;

  private LockKind() {
    super(OpCode.LOCK);
  }

  @Override
  int call(Operation op) {
    MemorySegment lock = op.scratch(FLOCK_BYTES).memory();
    lock.set(JAVA_SHORT, 0, (short) op.arguments);
    lock.set(JAVA_SHORT, 2, (short) 0);
    lock.set(JAVA_LONG, 8, op.offset);
    lock.set(JAVA_LONG, 16, op.length);
    lock.set(JAVA_INT, 24, 0);
    return FileCalls.fcntl(op.handle().descriptor, F_OFD_SETLK, lock.address());
  }

  @Override
  boolean waitsForEvent(Operation op) {
    return op.otherOffset != 0;
  }

  /// Linux tells nobody that a lock has become free, and a call that waits for one cannot be
  /// cancelled. So a waiting lock is tried again, ever more seldom, and holds no thread.
  @Override
  long pauseNanos(Operation op, int result) {
    if (op.otherOffset == 0 || result != -Errno.EAGAIN) {
      return 0;
    }
    op.otherOffset = Math.min(2 * op.otherOffset, LONGEST_PAUSE_MILLIS);
    return TimeUnit.MILLISECONDS.toNanos(op.otherOffset);
  }

  @Override
  boolean hasOffset() {
    return true;
  }

  @Override
  boolean hasLength() {
    return true;
  }

  @Override
  String remedy(Operation op, int errno) {
    return switch (errno) {
      case Errno.EAGAIN, Errno.EACCES -> "another open file holds a lock on it";
      case Errno.EBADF ->
          "a shared lock wants a file open for reading, an exclusive one for writing";
      default -> "";
    };
  }
}
