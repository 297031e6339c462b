package io.ringwell.engine;

import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;

final class NopKind extends Kind {
  static final NopKind INSTANCE = new NopKind();

  private NopKind() {
    super(OpCode.NOP, Opcode.NOP);
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    to.set(Opcode.NOP, sqeFlags, 0, -1, 0, 0, 0, 0, userData, 0, 0);
  }

  @Override
  int call(Operation op) {
    return 0;
  }

  @Override
  int channel(Operation op) {
    return 0;
  }

  @Override
  boolean inChannel() {
    return true;
  }
}
