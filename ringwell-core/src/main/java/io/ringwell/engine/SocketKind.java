package io.ringwell.engine;

import io.ringwell.sys.Errno;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// An operation on a socket. It waits for a peer, who may never come: so it is not counted among
/// what devices have in flight, and a closing engine cancels it.
///
/// A ring carries it out on a descriptor. Where there is no ring, it is a channel of the JDK's that
/// does not block, for which [SocketPoller] waits.
abstract class SocketKind extends Kind {
  /// How often a socket is refused by its peer, its name or a limit, and what can be done.
  SocketKind(OpCode code, int ringOpcode) {
    super(code, ringOpcode);
  }

  /// For rings alone: what a ring does not have, is not done by its workers.
  @Override
  int call(Operation op) {
    return -Errno.EOPNOTSUPP;
  }

  /// One attempt on a channel that does not block: -EAGAIN where it is to be waited for.
  @Override
  abstract int channel(Operation op) throws IOException;

  @Override
  final boolean inChannel() {
    return true;
  }

  @Override
  boolean waitsForEvent(Operation op) {
    return true;
  }

  /// What of its channel a poller waits for, as in [java.nio.channels.SelectionKey].
  int interest() {
    return 0;
  }

  static SocketChannel channelOf(Operation op) {
    return (SocketChannel) op.handle().socketChannel();
  }

  @Override
  String remedy(Operation op, int errno) {
    SocketAddress peer = op.peer;
    return switch (errno) {
      case Errno.ECONNREFUSED -> "nobody listens there; start the server, or check the port";
      case Errno.ECONNRESET -> "the peer broke the connection off";
      case Errno.EPIPE -> "the peer, or a shutdown here, has ended this direction";
      case Errno.ETIMEDOUT, Errno.ETIME -> "no answer in time";
      case Errno.EADDRINUSE -> addressInUse(peer);
      case Errno.EADDRNOTAVAIL -> "no interface of this machine has that address";
      case Errno.EACCES -> "a port below 1024 wants CAP_NET_BIND_SERVICE, a path permission";
      case Errno.EMFILE -> "too many descriptors are open; raise the limit (ulimit -n)";
      case Errno.ENOBUFS ->
          "more operations wait for peers than EngineOptions.withSocketOperations allows";
      case Errno.ENOENT -> "there is no such path";
      default -> "";
    };
  }

  private static String addressInUse(@Nullable SocketAddress address) {
    return address instanceof java.net.UnixDomainSocketAddress
        ? "another listens there, or left the path behind: then remove it"
        : "another listens there; stop it, or take another port";
  }
}
