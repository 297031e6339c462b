package io.ringwell.engine;

import io.ringwell.sys.AdviceCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;

/// madvise(2). The kernel's io_uring takes a length of 32 bits; longer ones go to a worker.
final class AdviseKind extends Kind {
  static final AdviseKind INSTANCE = new AdviseKind();

  private AdviseKind() {
    super(OpCode.MADVISE, Opcode.MADVISE);
  }

  @Override
  boolean prefersWorker(Operation op) {
    return op.length > Integer.MAX_VALUE;
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    int length = (int) op.length;
    to.set(ringOpcode, sqeFlags, 0, -1, 0, op.address, length, op.arguments, userData, 0, 0);
  }

  @Override
  int call(Operation op) {
    return AdviceCalls.madvise(op.address, op.length, op.arguments);
  }

  @Override
  boolean hasLength() {
    return true;
  }
}
