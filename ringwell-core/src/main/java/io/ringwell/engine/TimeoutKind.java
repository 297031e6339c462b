package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;

/// Time that passes. `length` is in nanoseconds. Workers have a timer for it.
final class TimeoutKind extends Kind {
  static final TimeoutKind INSTANCE = new TimeoutKind();

  private TimeoutKind() {
    super(OpCode.TIMEOUT, Opcode.TIMEOUT);
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    long time = op.scratch(16).timespec(0, op.length);
    to.set(ringOpcode, sqeFlags, 0, -1, 0, time, 1, 0, userData, 0, 0);
  }

  @Override
  int call(Operation op) {
    throw new IllegalStateException("a timeout is not a blocking call");
  }

  /// The kernel answers ETIME when the time has passed, which is what was asked for.
  @Override
  int meaning(Operation op, int result) {
    return result == -Errno.ETIME ? 0 : result;
  }

  @Override
  boolean inChannel() {
    return true;
  }

  @Override
  boolean waitsForEvent(Operation op) {
    return true;
  }
}
