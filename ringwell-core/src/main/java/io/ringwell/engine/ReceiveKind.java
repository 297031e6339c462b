package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.RingFeature;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.nio.channels.SelectionKey;

/// Receives what has come, once there is anything.
final class ReceiveKind extends SocketKind {
  static final ReceiveKind INSTANCE = new ReceiveKind();

  /// `IORING_RECVSEND_POLL_FIRST`, where other operations have their I/O priority.
  private static final int POLL_FIRST = 1;

  private ReceiveKind() {
    super(OpCode.RECEIVE, Opcode.RECV);
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    int fd = op.handle().descriptor;
    // A socket that was emptied is waited for without a look at it.
    int priority = loop.has(RingFeature.POLL_FIRST) && !op.handle().hasMore ? POLL_FIRST : 0;
    to.set(ringOpcode, sqeFlags, priority, fd, 0, op.address, ringBytes(op), 0, userData, 0, 0);
  }

  @Override
  boolean transfers() {
    return true;
  }

  @Override
  boolean hasLength() {
    return true;
  }

  @Override
  int interest() {
    return SelectionKey.OP_READ;
  }

  @Override
  void moved(Operation op, int bytes) {
    super.moved(op, bytes);
    op.handle().asSocket().reset.received(bytes);
  }

  /// Nothing came: the peer has ended, or a send was told that it has broken off.
  @Override
  int meaning(Operation op, int result) {
    boolean ended = result == 0 && op.remaining() > 0;
    return ended && op.handle().asSocket().reset.wasTold() ? -Errno.ECONNRESET : result;
  }

  @Override
  int channel(Operation op) throws IOException {
    int read = channelOf(op).read(memory(op.address, callBytes(op)));
    return read == 0 ? -Errno.EAGAIN : Math.max(read, 0);
  }
}
