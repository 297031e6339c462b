package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.SocketCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.RingFeature;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.nio.channels.SelectionKey;

/// Sends one piece of memory, all of it.
///
/// **Without a copy** (`mode` is [#ZERO_COPY]) the kernel reads the memory until the peer has
/// confirmed what it holds, and says so by a second completion (`IORING_CQE_F_NOTIF` of
/// io_uring_enter(2)): that one ends the operation, and gives the memory back. Until then it is
/// with [UnconfirmedSends].
class SendKind extends SocketKind {
  static final SendKind INSTANCE = new SendKind();

  /// `mode` of one that is sent from where it lies.
  static final int ZERO_COPY = 1;

  /// `IORING_RECVSEND_FIXED_BUF`: the memory is registered.
  private static final int FIXED_BUFFER = 1 << 2;

  static final int FLAGS = SocketCalls.MSG_NOSIGNAL | SocketCalls.MSG_WAITALL;

  private SendKind() {
    super(OpCode.SEND, Opcode.SEND);
  }

  SendKind(int ringOpcode) {
    super(OpCode.SEND, ringOpcode);
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    int fd = op.handle().descriptor;
    long address = op.address + op.transferred;
    int bytes = ringBytes(op);
    if (op.mode != ZERO_COPY || op.handle().isUnixSocket() || !loop.has(RingFeature.SEND_ZC)) {
      to.set(ringOpcode, sqeFlags, 0, fd, 0, address, bytes, FLAGS, userData, 0, 0);
      return;
    }
    int buffer = loop.fixedBuffer(address, bytes);
    to.set(
        Opcode.SEND_ZC,
        sqeFlags,
        buffer >= 0 ? FIXED_BUFFER : 0,
        fd,
        0,
        address,
        bytes,
        FLAGS,
        userData,
        Math.max(buffer, 0),
        0);
  }

  /// The memory stays locked until the peer has confirmed it: where that is more than
  /// RLIMIT_MEMLOCK, or the connection is of a kind that cannot, it is copied.
  @Override
  final int meaning(Operation op, int result) {
    boolean refused = result == -Errno.ENOMEM || result == -Errno.EOPNOTSUPP;
    if (op.mode != ZERO_COPY || !refused) {
      return result;
    }
    op.mode = 0;
    return -Errno.EINTR; // tried again
  }

  @Override
  final boolean transfers() {
    return true;
  }

  @Override
  final boolean writes() {
    return true;
  }

  @Override
  final boolean hasLength() {
    return true;
  }

  @Override
  final int interest() {
    return SelectionKey.OP_WRITE;
  }

  @Override
  int channel(Operation op) throws IOException {
    return written(op, op.address + op.transferred, callBytes(op));
  }

  static int written(Operation op, long address, int bytes) throws IOException {
    PeerReset reset = op.handle().asSocket().reset;
    int written = reset.write(channelOf(op), memory(address, bytes));
    return written == 0 ? -Errno.EAGAIN : written;
  }
}
