package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.FileCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;
import java.io.IOException;

/// Runs when the file's [Gate] is shut: nobody uses the descriptor any more.
final class CloseKind extends Kind {
  static final CloseKind INSTANCE = new CloseKind();

  /// `arguments` once the file's gate is shut: now the descriptor can be closed.
  static final int SHUT = 1;

  private CloseKind() {
    super(OpCode.CLOSE, Opcode.CLOSE);
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    to.set(ringOpcode, sqeFlags, 0, op.handle().descriptor, 0, 0, 0, 0, userData, 0, 0);
  }

  @Override
  int call(Operation op) {
    return FileCalls.close(op.handle().descriptor);
  }

  @Override
  int channel(Operation op) throws IOException {
    op.handle().channelOrThrow().close();
    return 0;
  }

  /// Linux has closed the descriptor by the time that close(2) answers EINTR.
  @Override
  int meaning(Operation op, int result) {
    return result == -Errno.EINTR ? 0 : result;
  }

  @Override
  boolean inChannel() {
    return true;
  }
}
