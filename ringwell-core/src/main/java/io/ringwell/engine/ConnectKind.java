package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.FileCalls;
import io.ringwell.sys.SocketAddresses;
import io.ringwell.sys.SocketCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;

/// Makes a socket and connects it, all or nothing. `peer` is the address, which preparing wrote
/// into the scratch memory, `otherOffset` its length, `arguments` the family, and `mode` the
/// descriptor plus one once there is one.
final class ConnectKind extends SocketKind {
  static final ConnectKind INSTANCE = new ConnectKind();

  private static final long PAUSE_NANOS = 2_000_000;

  private ConnectKind() {
    super(OpCode.CONNECT, Opcode.CONNECT);
  }

  /// Making a socket touches memory alone.
  @Override
  int makeReady(Operation op) {
    if (op.mode != 0) {
      return 0;
    }
    int fd = SocketCalls.socket(op.arguments);
    if (fd < 0) {
      return fd;
    }
    op.mode = fd + 1;
    return 0;
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    long address = op.scratch().address();
    to.set(ringOpcode, sqeFlags, 0, op.mode - 1, op.otherOffset, address, 0, 0, userData, 0, 0);
  }

  @Override
  void succeeded(Operation op, int result) {
    if (op.opened == null) {
      op.opened = op.carrier().adoptSocket(op, op.mode - 1, null);
    }
  }

  /// What was made goes with it.
  @Override
  void failed(Operation op) {
    int fd = op.mode - 1;
    op.mode = 0;
    if (fd >= 0) {
      FileCalls.close(fd);
    }
    SocketChannel channel = (SocketChannel) op.connecting;
    op.connecting = null;
    if (channel != null) {
      ((Workers) op.carrier()).closeChannel(channel);
    }
  }

  @Override
  int interest() {
    return SelectionKey.OP_CONNECT;
  }

  @Override
  int channel(Operation op) throws IOException {
    SocketAddress address = Objects.requireNonNull(op.peer);
    SocketChannel channel = (SocketChannel) op.connecting;
    boolean done;
    if (channel == null || isRefusedForNow(channel)) {
      channel = SocketChannel.open(ListenKind.family(address));
      op.connecting = channel;
      channel.configureBlocking(false);
      done = channel.connect(address);
    } else {
      done = channel.finishConnect();
    }
    if (!done) {
      return -Errno.EAGAIN;
    }
    op.opened = op.carrier().adoptSocket(op, -1, channel);
    op.connecting = null;
    return 0;
  }

  /// Of the Unix domain, a listener with as many connections waiting as it allows. Linux tells
  /// nobody that there is room, so it is tried again, with another socket: the JDK has closed this
  /// one. A ring's worker waits inside the call.
  @Override
  long pauseNanos(Operation op, int result) {
    SocketChannel channel = (SocketChannel) op.connecting;
    return result == -Errno.EAGAIN && channel != null && isRefusedForNow(channel) ? PAUSE_NANOS : 0;
  }

  private static boolean isRefusedForNow(SocketChannel channel) {
    return !channel.isOpen();
  }

  static void prepare(Operation op, SocketAddress address) {
    op.arguments = SocketAddresses.family(address);
    op.otherOffset = SocketAddresses.write(address, op.scratch(SocketAddresses.MAX_BYTES).memory());
  }
}
