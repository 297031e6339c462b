package io.ringwell.engine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringwell.sys.Errno;
import io.ringwell.sys.FileCalls;
import java.lang.foreign.MemorySegment;

/// Advisory locks that belong to the open file (fcntl(2), "Open file description locks"): unlike a
/// process's locks, they hold between threads, and closing another descriptor of the file does not
/// drop them.
///
/// `arguments` is `F_RDLCK`, `F_WRLCK` or `F_UNLCK`; `otherOffset` is 1 to wait. A length of 0
/// reaches to the end of the file, wherever that will be.
final class LockKind extends WorkerKind {
  static final LockKind INSTANCE = new LockKind();

  static final int SHARED = 0;
  static final int EXCLUSIVE = 1;
  static final int UNLOCK = 2;

  private static final int F_OFD_SETLK = 37;
  private static final int F_OFD_SETLKW = 38;

  /// `struct flock`: type and whence i16, start and length i64 from 8, process i32 at 24.
  private static final int FLOCK_BYTES = 32;

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
    int command = op.otherOffset == 1 ? F_OFD_SETLKW : F_OFD_SETLK;
    return FileCalls.fcntl(op.handle().descriptor, command, lock.address());
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
      case Errno.EBADF -> "a shared lock wants a file open for reading, an exclusive one for writing";
      default -> "";
    };
  }
}
