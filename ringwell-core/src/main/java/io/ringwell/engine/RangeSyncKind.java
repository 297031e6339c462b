package io.ringwell.engine;

import io.ringwell.sys.FileCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;

/// The kernel's io_uring takes a length of 32 bits here; what is longer is synced to the end of the
/// file, which 0 means.
final class RangeSyncKind extends FileKind {
  static final RangeSyncKind INSTANCE = new RangeSyncKind();

  private RangeSyncKind() {
    super(OpCode.SYNC_FILE_RANGE, Opcode.SYNC_FILE_RANGE);
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    int length = op.length > 0xffffffffL ? 0 : (int) op.length;
    set(op, to, sqeFlags, op.offset, 0, length, op.arguments, userData);
  }

  @Override
  int call(Operation op) {
    return FileCalls.syncFileRange(op.handle().descriptor, op.offset, op.length, op.arguments);
  }

  @Override
  boolean hasOffset() {
    return true;
  }

  @Override
  boolean hasLength() {
    return true;
  }
}
