package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.FileCalls;

/// Lets the second file share all storage of the first (ioctl_ficlone(2)), where the file system
/// can.
final class CloneKind extends WorkerKind {
  static final CloneKind INSTANCE = new CloneKind();

  /// `FICLONE`, `_IOW(0x94, 9, int)`.
  private static final long FICLONE = 0x40049409L;

  private CloneKind() {
    super(OpCode.CLONE);
  }

  @Override
  int call(Operation op) {
    return FileCalls.ioctl(op.otherHandle().descriptor, FICLONE, op.handle().descriptor);
  }

  @Override
  String remedy(Operation op, int errno) {
    return errno == Errno.EOPNOTSUPP || errno == Errno.EXDEV || errno == Errno.EINVAL
        ? "these files cannot share storage: copy the bytes"
        : "";
  }
}
