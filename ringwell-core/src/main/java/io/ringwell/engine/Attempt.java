package io.ringwell.engine;

import io.ringwell.sys.Errno;

/// What the result of one attempt at an operation means, once for all engines: a short result goes
/// on where it stopped, EINTR and EAGAIN are tried again.
final class Attempt {
  /// How often EINTR or EAGAIN in a row are tried again before the caller is told.
  private static final int MAX_RETRIES = 1000;

  private Attempt() {}

  /// Books the raw result of an attempt at `op`.
  ///
  /// @return whether another is due; otherwise the operation has ended, with its `errno`
  static boolean book(Operation op, int raw) {
    int result = op.kind.meaning(op, raw);
    if (result < 0) {
      return !ends(op, -result);
    }
    if (!op.kind.transfers()) {
      op.kind.succeeded(op, result);
      return false;
    }
    long asked = Math.min(op.remaining(), op.attemptLimit);
    op.attemptLimit = Integer.MAX_VALUE;
    op.retries = 0;
    op.kind.moved(op, result);
    if (op.once || op.remaining() == 0) {
      return false;
    }
    boolean writing = op.kind.writes();
    if (result == 0) {
      op.errno = writing ? Errno.EIO : 0;
      return false;
    }
    FileHandle file = op.handle();
    if (!file.isSeekable() && !writing) {
      return false;
    }
    long past = file.isDirect() ? (op.offset + op.transferred) % file.offsetAlign() : 0;
    if (past != 0) {
      // A direct read that stops off the grid has met the end of the file; a direct write goes on
      // from the last grid line that it passed.
      if (!writing || result <= past) {
        op.errno = writing ? Errno.EIO : 0;
        return false;
      }
      op.kind.moved(op, (int) -past);
    }
    if (op.cancelled) {
      op.errno = cancelledErrno(op);
      return false;
    }
    if (result < asked && result < Kind.MAX_BUFFERED_BYTES) {
      op.continued++;
    }
    return true;
  }

  private static boolean ends(Operation op, int error) {
    op.attemptLimit = Integer.MAX_VALUE;
    if (error == Errno.ECANCELED) {
      op.errno = cancelledErrno(op);
      return true;
    }
    boolean retry =
        error == Errno.EINTR
            || (error == Errno.EAGAIN
                && (op.rwFlags & OperationRequest.RWF_NOWAIT) == 0
                && op.kind != LockKind.INSTANCE
                && (op.file == null || op.file.isSeekable()));
    if (retry && op.cancelled) {
      op.errno = cancelledErrno(op);
      return true;
    }
    if (retry && op.retries++ < MAX_RETRIES) {
      return false;
    }
    op.errno = error;
    return true;
  }

  private static int cancelledErrno(Operation op) {
    return op.deadlineNanos != Long.MAX_VALUE && op.deadlineNanos - System.nanoTime() <= 0
        ? Errno.ETIME
        : Errno.ECANCELED;
  }
}
