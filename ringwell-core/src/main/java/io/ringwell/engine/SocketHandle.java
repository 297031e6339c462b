package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.SocketCallException;
import io.ringwell.sys.SocketCalls;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;

/// A socket of one engine, of TCP or of the Unix domain: one that listens ([Operation#listen]), or
/// one end of a connection ([Operation#connect], [Operation#accept]).
///
/// **Use.** One receive and one send may be in flight at a time; of several in one direction nobody
/// knows the order. Any thread may use it.
///
/// **Close.** [Operation#close(SocketHandle)] waits for the operations in flight on it. What waits
/// for a peer does not end by itself: cancel it. What the engine still has open when it closes, it
/// closes.
public final class SocketHandle {
  final FileHandle file;
  final PeerReset reset;

  SocketHandle(FileHandle file) {
    this.file = file;
    this.reset = new PeerReset(file);
  }

  /// The address that it is bound to. One system call; empty host or path where it has none.
  public SocketAddress localAddress() throws IOException {
    return name(false);
  }

  /// The address at the other end of the connection. One system call.
  public SocketAddress peerAddress() throws IOException {
    return name(true);
  }

  private SocketAddress name(boolean peer) throws IOException {
    enter();
    try {
      if (file.descriptor >= 0) {
        return SocketCalls.name(file.descriptor, peer);
      }
      NetworkChannel channel = (NetworkChannel) file.socketChannel();
      SocketAddress name =
          peer ? ((SocketChannel) channel).getRemoteAddress() : channel.getLocalAddress();
      if (name == null) {
        throw new SocketCallException("getpeername", Errno.ENOTCONN);
      }
      return name;
    } finally {
      file.gate.exit();
    }
  }

  /// Sets one of `TCP_NODELAY`, `SO_KEEPALIVE`, `SO_LINGER`, `SO_SNDBUF` and `SO_RCVBUF` of
  /// [StandardSocketOptions]. One system call.
  ///
  /// Of `SO_LINGER` there is 0, by which a close resets the connection, and -1: a close that waits
  /// would hold up whatever else its thread carries.
  ///
  /// @throws IllegalArgumentException for an `SO_LINGER` of more than 0
  /// @throws UnsupportedOperationException where it is another, or this socket has it not
  public <T> void set(SocketOption<T> option, T value) throws IOException {
    if (option == StandardSocketOptions.SO_LINGER && (Integer) value > 0) {
      throw new IllegalArgumentException(
          "SO_LINGER of " + value + " s would have a close wait; set 0, or -1");
    }
    enter();
    try {
      if (file.descriptor < 0) {
        ((NetworkChannel) file.socketChannel()).setOption(option, value);
        return;
      }
      int result = set(file.descriptor, option, value);
      if (result < 0) {
        throw new SocketCallException("set " + option.name() + " of " + file.name(), -result);
      }
    } finally {
      file.gate.exit();
    }
  }

  private static int set(int fd, SocketOption<?> option, Object value) {
    int number = value instanceof Boolean on ? on ? 1 : 0 : (Integer) value;
    if (option == StandardSocketOptions.SO_LINGER) {
      return SocketCalls.setLinger(fd, number);
    }
    if (option == StandardSocketOptions.TCP_NODELAY) {
      return SocketCalls.setOption(fd, SocketCalls.IPPROTO_TCP, SocketCalls.TCP_NODELAY, number);
    }
    return SocketCalls.setOption(fd, SocketCalls.SOL_SOCKET, number(option), number);
  }

  private static int number(SocketOption<?> option) {
    if (option == StandardSocketOptions.SO_KEEPALIVE) {
      return SocketCalls.SO_KEEPALIVE;
    }
    if (option == StandardSocketOptions.SO_SNDBUF) {
      return SocketCalls.SO_SNDBUF;
    }
    if (option == StandardSocketOptions.SO_RCVBUF) {
      return SocketCalls.SO_RCVBUF;
    }
    throw new UnsupportedOperationException(option.name() + " is not an option of sockets here");
  }

  /// Whether it is of the Unix domain.
  public boolean isUnix() {
    return file.isUnixSocket();
  }

  /// Whether its close has not begun.
  public boolean isOpen() {
    return file.isOpen();
  }

  private void enter() {
    if (!file.isOpen() || !file.gate.enter()) {
      throw new IllegalStateException("the socket is closed: " + file.name());
    }
  }

  @Override
  public String toString() {
    return "SocketHandle[" + file.name() + (isOpen() ? "]" : ", closed]");
  }
}
