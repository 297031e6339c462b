package io.ringwell.engine;

import io.ringwell.sys.FileCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;
import java.io.IOException;

final class SyncKind extends FileKind {
  static final SyncKind FSYNC = new SyncKind(OpCode.FSYNC, 0);
  static final SyncKind FDATASYNC = new SyncKind(OpCode.FDATASYNC, 1);

  /// `IORING_FSYNC_DATASYNC` or 0.
  private final int flags;

  private SyncKind(OpCode code, int flags) {
    super(code, Opcode.FSYNC);
    this.flags = flags;
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    set(op, to, sqeFlags, 0, 0, 0, flags, userData);
  }

  @Override
  int call(Operation op) {
    int fd = op.handle().descriptor;
    return flags == 0 ? FileCalls.fsync(fd) : FileCalls.fdatasync(fd);
  }

  @Override
  int channel(Operation op) throws IOException {
    op.handle().channelOrThrow().force(flags == 0);
    return 0;
  }

  @Override
  boolean inChannel() {
    return true;
  }
}
