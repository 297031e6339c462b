package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/// `struct sockaddr` and its kinds, as `linux/in.h`, `linux/in6.h` and `linux/un.h` lay them out.
///
/// | kind | fields |
/// |---|---|
/// | `sockaddr_in` | family i16, port in network order, address 4 bytes, 8 bytes of nothing |
/// | `sockaddr_in6` | family i16, port in network order, flow i32, address 16 bytes, scope i32 |
/// | `sockaddr_un` | family i16, path of up to 108 bytes, ended by a zero byte |
public final class SocketAddresses {
  /// Room for every kind (`struct sockaddr_storage`).
  public static final int MAX_BYTES = 128;

  private static final int INET_BYTES = 16;
  private static final int INET6_BYTES = 28;
  private static final int PATH_AT = 2;

  /// `sizeof(sun_path)`, with the zero byte that ends it.
  private static final int MAX_PATH_BYTES = 108;

  private SocketAddresses() {}

  /// The family of an address: one of `AF_*` of [SocketCalls].
  ///
  /// @throws IllegalArgumentException where the address is of a host that was not looked up, of a
  ///   kind that is not known, or longer than the kernel takes
  public static int family(SocketAddress address) {
    return switch (address) {
      case InetSocketAddress inet when inet.isUnresolved() ->
          throw new IllegalArgumentException("the host was not looked up: " + inet);
      case InetSocketAddress inet ->
          inet.getAddress() instanceof Inet4Address ? SocketCalls.AF_INET : SocketCalls.AF_INET6;
      case UnixDomainSocketAddress unix -> {
        int bytes = pathBytes(unix).length;
        if (bytes == 0 || bytes >= MAX_PATH_BYTES) {
          throw new IllegalArgumentException(
              "the path of a Unix domain socket has 1 to "
                  + (MAX_PATH_BYTES - 1)
                  + " bytes, not "
                  + bytes
                  + ": "
                  + unix
                  + (bytes == 0 ? "" : "; use a shorter one"));
        }
        yield SocketCalls.AF_UNIX;
      }
      default ->
          throw new IllegalArgumentException(
              "an address of IP or of a Unix domain socket, not " + address.getClass().getName());
    };
  }

  private static byte[] pathBytes(UnixDomainSocketAddress unix) {
    return unix.getPath().toString().getBytes(StandardCharsets.UTF_8);
  }

  /// Writes `address` to the start of `memory`.
  ///
  /// @return its length in bytes
  public static int write(SocketAddress address, MemorySegment memory) {
    int family = family(address);
    memory.asSlice(0, MAX_BYTES).fill((byte) 0);
    memory.set(JAVA_SHORT, 0, (short) family);
    if (address instanceof UnixDomainSocketAddress unix) {
      byte[] path = pathBytes(unix);
      MemorySegment.copy(path, 0, memory, JAVA_BYTE, PATH_AT, path.length);
      return PATH_AT + path.length + 1;
    }
    InetSocketAddress inet = (InetSocketAddress) address;
    memory.set(JAVA_BYTE, 2, (byte) (inet.getPort() >>> 8));
    memory.set(JAVA_BYTE, 3, (byte) inet.getPort());
    byte[] host = inet.getAddress().getAddress();
    boolean four = family == SocketCalls.AF_INET;
    MemorySegment.copy(host, 0, memory, JAVA_BYTE, four ? 4 : 8, host.length);
    if (inet.getAddress() instanceof Inet6Address six) {
      memory.set(JAVA_INT, 24, six.getScopeId());
    }
    return four ? INET_BYTES : INET6_BYTES;
  }

  /// The address that the kernel wrote into `memory`, `length` bytes long.
  public static SocketAddress read(MemorySegment memory, int length) {
    int family = memory.get(JAVA_SHORT, 0);
    if (family == SocketCalls.AF_UNIX) {
      return UnixDomainSocketAddress.of(path(memory, Math.min(length, PATH_AT + MAX_PATH_BYTES)));
    }
    int port =
        Byte.toUnsignedInt(memory.get(JAVA_BYTE, 2)) << 8
            | Byte.toUnsignedInt(memory.get(JAVA_BYTE, 3));
    boolean four = family == SocketCalls.AF_INET;
    byte[] host = new byte[four ? 4 : 16];
    MemorySegment.copy(memory, JAVA_BYTE, four ? 4 : 8, host, 0, host.length);
    return new InetSocketAddress(host(host, four ? 0 : memory.get(JAVA_INT, 24)), port);
  }

  private static InetAddress host(byte[] host, int scope) {
    try {
      return scope == 0
          ? InetAddress.getByAddress(host)
          : Inet6Address.getByAddress(null, host, scope);
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 bytes are an address", e);
    }
  }

  /// Without the zero byte at its end; empty for a socket without a name, and for one whose name is
  /// in no file system.
  private static String path(MemorySegment memory, int end) {
    int bytes = 0;
    while (PATH_AT + bytes < end && memory.get(JAVA_BYTE, PATH_AT + bytes) != 0) {
      bytes++;
    }
    byte[] path = memory.asSlice(PATH_AT, bytes).toArray(JAVA_BYTE);
    return new String(path, StandardCharsets.UTF_8);
  }
}
