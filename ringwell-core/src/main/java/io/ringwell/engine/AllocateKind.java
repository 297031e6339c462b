package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.FileCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;

/// fallocate(2): storage given to a range, or taken from it.
final class AllocateKind extends FileKind {
  static final AllocateKind ALLOCATE = new AllocateKind(OpCode.ALLOCATE);
  static final AllocateKind PUNCH_HOLE = new AllocateKind(OpCode.PUNCH_HOLE);

  /// `FALLOC_FL_KEEP_SIZE` and `FALLOC_FL_PUNCH_HOLE`.
  static final int KEEP_SIZE = 1;

  static final int PUNCH = 2;

  private AllocateKind(OpCode code) {
    super(code, Opcode.FALLOCATE);
  }

  /// io_uring keeps the length in the address field and the mode in the length field.
  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    set(op, to, sqeFlags, op.offset, op.length, op.arguments, 0, userData);
  }

  @Override
  int call(Operation op) {
    return FileCalls.fallocate(op.handle().descriptor, op.arguments, op.offset, op.length);
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
      case Errno.EOPNOTSUPP -> "this file system cannot do it";
      case Errno.EINVAL -> "the length must be positive";
      case Errno.ENOSPC -> "free space on the file system, or write elsewhere";
      default -> "";
    };
  }
}
