package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.SocketCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// Takes one connection of a socket that listens.
final class AcceptKind extends SocketKind {
  static final AcceptKind INSTANCE = new AcceptKind();

  private AcceptKind() {
    super(OpCode.ACCEPT, Opcode.ACCEPT);
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    int fd = op.handle().descriptor;
    int flags = SocketCalls.SOCK_CLOEXEC;
    to.set(ringOpcode, sqeFlags, 0, fd, 0, 0, 0, flags, userData, 0, 0);
  }

  @Override
  void succeeded(Operation op, int result) {
    if (op.opened == null) {
      op.opened = op.carrier().adoptSocket(op, result, null);
    }
  }

  @Override
  int interest() {
    return SelectionKey.OP_ACCEPT;
  }

  @Override
  int channel(Operation op) throws IOException {
    SocketChannel channel = ((ServerSocketChannel) op.handle().socketChannel()).accept();
    if (channel == null) {
      return -Errno.EAGAIN;
    }
    boolean adopted = false;
    try {
      channel.configureBlocking(false);
      op.opened = op.carrier().adoptSocket(op, -1, channel);
      adopted = true;
    } finally {
      if (!adopted) {
        channel.close();
      }
    }
    return 0;
  }
}
