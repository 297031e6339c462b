package io.ringwell.engine;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringwell.sys.TransferCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;

/// splice(2), one attempt: the caller, who knows what fills and empties the pipe, goes on.
final class SpliceKind extends Kind {
  static final SpliceKind INSTANCE = new SpliceKind();

  private SpliceKind() {
    super(OpCode.SPLICE, Opcode.SPLICE);
  }

  private static int attempt(Operation op) {
    return (int) Math.min(op.length, MAX_DIRECT_BYTES);
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    to.set(
        ringOpcode,
        sqeFlags,
        0,
        op.otherHandle().descriptor,
        op.otherOffset,
        op.offset,
        attempt(op),
        0,
        userData,
        0,
        op.handle().descriptor);
  }

  @Override
  int call(Operation op) {
    Scratch offsets = op.scratch(2L * Long.BYTES);
    offsets.memory().set(JAVA_LONG, 0, op.offset);
    offsets.memory().set(JAVA_LONG, 8, op.otherOffset);
    return (int)
        TransferCalls.splice(
            op.handle().descriptor,
            op.offset < 0 ? 0 : offsets.address(),
            op.otherHandle().descriptor,
            op.otherOffset < 0 ? 0 : offsets.address() + Long.BYTES,
            attempt(op),
            0);
  }

  @Override
  void succeeded(Operation op, int result) {
    op.transferred = result;
  }

  @Override
  boolean waitsForEvent(Operation op) {
    return true;
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
