package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.FileCalls;
import io.ringwell.sys.SocketAddresses;
import io.ringwell.sys.SocketCalls;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.Objects;

/// Makes a socket, binds it and listens, all or nothing. None of that waits, so that a worker does
/// it by calls. `peer` is the address, `arguments` the backlog.
final class ListenKind extends SocketKind {
  static final ListenKind INSTANCE = new ListenKind();

  /// No operation of io_uring before Linux 6.11, and nothing that comes often.
  private static final int NONE = 255;

  private ListenKind() {
    super(OpCode.LISTEN, NONE);
  }

  @Override
  boolean prefersWorker(Operation op) {
    return true;
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    throw new IllegalStateException("a worker listens");
  }

  @Override
  int call(Operation op) {
    SocketAddress address = Objects.requireNonNull(op.peer);
    int family = SocketAddresses.family(address);
    int fd = SocketCalls.socket(family);
    if (fd < 0) {
      return fd;
    }
    int result = 0;
    if (family != SocketCalls.AF_UNIX) {
      // A port in TIME_WAIT is no hindrance, as everywhere on Unix.
      result = SocketCalls.setOption(fd, SocketCalls.SOL_SOCKET, SocketCalls.SO_REUSEADDR, 1);
    }
    if (result >= 0 && family == SocketCalls.AF_INET6) {
      // The wildcard is every address of either family, whatever the system's default.
      result = SocketCalls.setOption(fd, SocketCalls.IPPROTO_IPV6, SocketCalls.IPV6_V6ONLY, 0);
    }
    if (result >= 0) {
      Scratch scratch = op.scratch(SocketAddresses.MAX_BYTES);
      int bytes = SocketAddresses.write(address, scratch.memory());
      result = SocketCalls.bind(fd, scratch.address(), bytes);
    }
    if (result >= 0) {
      result = SocketCalls.listen(fd, op.arguments);
    }
    if (result < 0) {
      FileCalls.close(fd);
      return result;
    }
    return fd;
  }

  @Override
  void succeeded(Operation op, int result) {
    if (op.opened == null) {
      op.opened = op.carrier().adoptSocket(op, result, null);
    }
  }

  @Override
  int channel(Operation op) throws IOException {
    SocketAddress address = Objects.requireNonNull(op.peer);
    ServerSocketChannel channel = ServerSocketChannel.open(family(address));
    boolean listening = false;
    try {
      channel.configureBlocking(false);
      if (address instanceof InetSocketAddress) {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      }
      channel.bind(address, op.arguments);
      listening = true;
    } finally {
      if (!listening) {
        channel.close();
      }
    }
    op.opened = op.carrier().adoptSocket(op, -1, channel);
    return 0;
  }

  static ProtocolFamily family(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet)) {
      return StandardProtocolFamily.UNIX;
    }
    return inet.getAddress() instanceof Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  @Override
  String remedy(Operation op, int errno) {
    return errno == Errno.ENOENT ? "its directory is not there" : super.remedy(op, errno);
  }
}
