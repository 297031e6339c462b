package io.ringwell.engine;

import io.ringwell.sys.SocketCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/// Ends one direction of a connection. `arguments` is `SHUT_RD` or `SHUT_WR`.
final class ShutdownKind extends SocketKind {
  static final ShutdownKind INSTANCE = new ShutdownKind();

  private ShutdownKind() {
    super(OpCode.SHUTDOWN, Opcode.SHUTDOWN);
  }

  @Override
  boolean waitsForEvent(Operation op) {
    return false;
  }

  @Override
  int call(Operation op) {
    return SocketCalls.shutdown(op.handle().descriptor, op.arguments);
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    int fd = op.handle().descriptor;
    to.set(ringOpcode, sqeFlags, 0, fd, 0, 0, op.arguments, 0, userData, 0, 0);
  }

  @Override
  int channel(Operation op) throws IOException {
    SocketChannel channel = channelOf(op);
    if (op.arguments == SocketCalls.SHUT_WR) {
      channel.shutdownOutput();
    } else {
      channel.shutdownInput();
    }
    return 0;
  }
}
