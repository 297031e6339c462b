package io.ringwell.engine;

import io.ringwell.uring.Opcode;
import java.io.IOException;

final class ReadKind extends TransferKind {
  static final ReadKind INSTANCE = new ReadKind();

  private ReadKind() {
    super(OpCode.READ, Opcode.READ, Opcode.READ_FIXED);
  }

  @Override
  int call(Operation op) {
    return callOnce(op, false, op.address + op.transferred, callBytes(op));
  }

  @Override
  int channel(Operation op) throws IOException {
    return channelOnce(op, false, op.address + op.transferred, callBytes(op));
  }
}
