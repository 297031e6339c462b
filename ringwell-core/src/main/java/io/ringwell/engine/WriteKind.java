package io.ringwell.engine;

import io.ringwell.uring.Opcode;
import java.io.IOException;

final class WriteKind extends TransferKind {
  static final WriteKind INSTANCE = new WriteKind();

  private WriteKind() {
    super(OpCode.WRITE, Opcode.WRITE, Opcode.WRITE_FIXED);
  }

  @Override
  boolean prefersWorker(Operation op) {
    return op.handle().facts().puntsWrites();
  }

  @Override
  boolean writes() {
    return true;
  }

  @Override
  boolean holdsInode(Operation op) {
    return isPlainOnPunting(op);
  }

  /// A durable one waits for the device without the lock.
  static boolean isPlainOnPunting(Operation op) {
    return op.rwFlags == 0 && op.handle().facts().puntsWrites();
  }

  @Override
  int call(Operation op) {
    return callOnce(op, true, op.address + op.transferred, callBytes(op));
  }

  @Override
  int channel(Operation op) throws IOException {
    return channelOnce(op, true, op.address + op.transferred, callBytes(op));
  }
}
