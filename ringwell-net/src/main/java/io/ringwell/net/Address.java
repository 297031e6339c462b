package io.ringwell.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where a connection goes, or where a listener waits: a host and a port, or the path of a Unix
/// domain socket.
///
/// | text | means |
/// |---|---|
/// | `example.org:443`, `127.0.0.1:80` | a name or an address of IPv4, and a port |
/// | `[::1]:80` | an address of IPv6, and a port |
/// | `:8080`, `*:8080` | every address of this machine; to listen on, or to connect to itself |
/// | `127.0.0.1:0` | a port that is free; to listen on |
/// | `unix:/run/app.sock` | a Unix domain socket |
///
/// Immutable. Names are looked up by [#resolve()] alone, each time anew.
public final class Address {
  private static final String UNIX = "unix:";
  private static final int MAX_PORT = 65535;

  private final @Nullable String host;
  private final int port;
  private final @Nullable Path path;

  private Address(@Nullable String host, int port, @Nullable Path path) {
    this.host = host;
    this.port = port;
    this.path = path;
  }

  /// An address from its text.
  ///
  /// @throws IllegalArgumentException where it is none; the message says what is wrong with it
  public static Address parse(String text) {
    if (text.startsWith(UNIX)) {
      String path = text.substring(UNIX.length());
      if (path.isEmpty()) {
        throw bad(text, "the path is missing, as in unix:/run/app.sock");
      }
      return unix(Path.of(path));
    }
    int colon = text.lastIndexOf(':');
    if (colon < 0 || text.endsWith("]")) {
      throw bad(text, "the port is missing, as in HOST:PORT, [IPV6]:PORT or unix:/path");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
      if (host.indexOf(':') < 0) {
        throw bad(text, "only an address of IPv6 stands in brackets");
      }
    } else if (host.indexOf(':') >= 0) {
      throw bad(text, "an address of IPv6 stands in brackets, as in [::1]:80");
    }
    return of(host.equals("*") ? "" : host, port(text, text.substring(colon + 1)));
  }

  private static int port(String text, String digits) {
    boolean number = !digits.isEmpty() && digits.length() <= 5;
    for (int i = 0; i < digits.length(); i++) {
      number &= digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
    }
    int port = number ? Integer.parseInt(digits) : MAX_PORT + 1;
    if (port > MAX_PORT) {
      throw bad(text, "a port is a number from 0 to 65535, not '" + digits + "'");
    }
    return port;
  }

  private static IllegalArgumentException bad(String text, String why) {
    return new IllegalArgumentException("not an address: '" + text + "': " + why);
  }

  /// A host, by name or address, and a port. An empty host is every address of this machine.
  public static Address of(String host, int port) {
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("a port is from 0 to 65535, not " + port);
    }
    return new Address(host, port, null);
  }

  /// A Unix domain socket.
  public static Address unix(Path path) {
    return new Address(null, -1, Objects.requireNonNull(path, "path"));
  }

  /// The address that a socket has.
  static Address of(SocketAddress address) {
    return switch (address) {
      case InetSocketAddress inet -> of(inet.getAddress().getHostAddress(), inet.getPort());
      case UnixDomainSocketAddress unix -> unix(unix.getPath());
      default -> throw new IllegalArgumentException("neither of IP nor of Unix: " + address);
    };
  }

  public boolean isUnix() {
    return path != null;
  }

  /// The host as it was given; empty for every address of this machine, and for a Unix domain
  /// socket.
  public String host() {
    return host == null ? "" : host;
  }

  /// The port; -1 for a Unix domain socket.
  public int port() {
    return port;
  }

  /// The path of a Unix domain socket; null for others.
  public @Nullable Path path() {
    return path;
  }

  /// What the system knows it by: several where a name has several addresses, in the order in which
  /// to try them. May block for as long as a name server takes; on a virtual thread, too.
  ///
  /// @throws UnknownHostException where there is no such host
  public List<SocketAddress> resolve() throws IOException {
    if (path != null) {
      return List.of(UnixDomainSocketAddress.of(path));
    }
    if (host().isEmpty()) {
      return everyAddress();
    }
    try {
      List<SocketAddress> all = new ArrayList<>();
      for (InetAddress each : InetAddress.getAllByName(host())) {
        all.add(new InetSocketAddress(each, port));
      }
      return all;
    } catch (UnknownHostException e) {
      UnknownHostException told =
          new UnknownHostException(
              this + ": no such host; check the name, and that names can be looked up here");
      told.initCause(e);
      throw told;
    }
  }

  /// Who listens takes the first, and has both where that is of IPv6; who connects tries both.
  private List<SocketAddress> everyAddress() throws UnknownHostException {
    List<SocketAddress> all = new ArrayList<>();
    if (Files.exists(Path.of("/proc/net/if_inet6"))
        && !Boolean.getBoolean("java.net.preferIPv4Stack")) {
      all.add(new InetSocketAddress(InetAddress.getByAddress(new byte[16]), port));
    }
    all.add(new InetSocketAddress(InetAddress.getByAddress(new byte[4]), port));
    return all;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Address that
        && port == that.port
        && Objects.equals(host, that.host)
        && Objects.equals(path, that.path);
  }

  @Override
  public int hashCode() {
    return Objects.hash(host, port, path);
  }

  /// The text that [#parse] takes.
  @Override
  public String toString() {
    if (path != null) {
      return UNIX + path;
    }
    return host().indexOf(':') >= 0 ? "[" + host() + "]:" + port : host() + ":" + port;
  }
}
