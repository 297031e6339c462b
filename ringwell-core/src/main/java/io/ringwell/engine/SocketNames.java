package io.ringwell.engine;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/// Addresses as messages write them: `127.0.0.1:80`, `[::1]:80`, `unix:/run/app.sock`.
final class SocketNames {
  private SocketNames() {}

  static String of(SocketAddress address) {
    return switch (address) {
      case InetSocketAddress inet -> {
        String host = inet.getAddress().getHostAddress();
        yield (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + inet.getPort();
      }
      case UnixDomainSocketAddress unix -> "unix:" + unix.getPath();
      default -> address.toString();
    };
  }
}
