package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.SocketAddress;

/// The system calls on sockets that do not wait: making, naming, asking. What waits goes through a
/// ring.
///
/// Each returns what the call returns, or minus the error number ([Errno]). All go through
/// syscall(2) by one handle, as [PlainCalls] do.
public final class SocketCalls {
  public static final int AF_UNIX = 1;
  public static final int AF_INET = 2;
  public static final int AF_INET6 = 10;

  public static final int SOL_SOCKET = 1;
  public static final int SO_REUSEADDR = 2;
  public static final int SO_SNDBUF = 7;
  public static final int SO_RCVBUF = 8;
  public static final int SO_KEEPALIVE = 9;
  public static final int SO_LINGER = 13;
  public static final int IPPROTO_TCP = 6;
  public static final int TCP_NODELAY = 1;
  public static final int IPPROTO_IPV6 = 41;
  public static final int IPV6_V6ONLY = 26;

  public static final int SHUT_RD = 0;
  public static final int SHUT_WR = 1;

  /// A send to a peer that is gone answers EPIPE and raises no signal.
  public static final int MSG_NOSIGNAL = 0x4000;

  /// A ring goes on with a send that was short, without being asked anew.
  public static final int MSG_WAITALL = 0x100;

  private static final int MSG_DONTWAIT = 0x40;

  // linux/tcp.h and net/tcp_states.h.
  private static final int TCP_INFO = 11;
  private static final int TCP_INFO_BYTES = 256;
  private static final int TCPI_STATE = 0;
  private static final int TCPI_BYTES_RECEIVED = 128;
  private static final int TCP_CLOSE = 7;

  /// `struct sockaddr`, the shortest that connect(2) takes.
  private static final int SOCKADDR_BYTES = 16;

  public static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOCK_STREAM = 1;

  // arch/x86/entry/syscalls/syscall_64.tbl, and for aarch64 asm-generic/unistd.h.
  private static final long SOCKET = Platform.AARCH64 ? 198 : 41;
  private static final long CONNECT = Platform.AARCH64 ? 203 : 42;
  private static final long BIND = Platform.AARCH64 ? 200 : 49;
  private static final long LISTEN = Platform.AARCH64 ? 201 : 50;
  private static final long GETSOCKNAME = Platform.AARCH64 ? 204 : 51;
  private static final long GETPEERNAME = Platform.AARCH64 ? 205 : 52;
  private static final long SHUTDOWN = Platform.AARCH64 ? 210 : 48;
  private static final long SETSOCKOPT = Platform.AARCH64 ? 208 : 54;
  private static final long GETSOCKOPT = Platform.AARCH64 ? 209 : 55;

  private static final MethodHandle CALL =
      Native.withErrno(
              "syscall",
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              Linker.Option.firstVariadicArg(1))
          .orElseThrow(() -> new UnsupportedOperationException("libc has no syscall(2)"));

  /// Its `errno` is not captured, as in [CachedRead]: whatever went wrong, the engine finds out.
  private static final MethodHandle SEND =
      Native.plain(
              "send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT))
          .orElseThrow(() -> new UnsupportedOperationException("libc has no send(2)"));

  private SocketCalls() {}

  private static int call(long number, long a, long b, long c, long d, long e) {
    MemorySegment state = Native.callState();
    try {
      long result = (long) CALL.invokeExact(state, number, a, b, c, d, e);
      return result < 0 ? -Native.errno(state) : (int) result;
    } catch (Throwable t) {
      throw Native.broken("syscall", t);
    }
  }

  /// socket(2): a stream, close-on-exec and blocking, so that a ring waits for it. The descriptor.
  public static int socket(int family) {
    return call(SOCKET, family, SOCK_STREAM | SOCK_CLOEXEC, 0, 0, 0);
  }

  /// bind(2) to what [SocketAddresses#write] wrote at `address`.
  public static int bind(int fd, long address, int bytes) {
    return call(BIND, fd, address, bytes, 0, 0);
  }

  /// connect(2) to `AF_UNSPEC`: breaks a TCP connection off by a reset, drops what is queued in it,
  /// and leaves the descriptor open. Does not wait.
  public static int disconnect(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment nobody = arena.allocate(SOCKADDR_BYTES); // zeroed, and so of AF_UNSPEC
      return call(CONNECT, fd, nobody.address(), nobody.byteSize(), 0, 0);
    }
  }

  /// listen(2).
  public static int listen(int fd, int backlog) {
    return call(LISTEN, fd, backlog, 0, 0, 0);
  }

  /// send(2) of what there is room for: how many bytes, negative where it would wait or fails.
  public static long sendNow(int fd, long address, int bytes) {
    try {
      return (long) SEND.invokeExact(fd, address, (long) bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
    } catch (Throwable t) {
      throw Native.broken("send", t);
    }
  }

  /// shutdown(2).
  public static int shutdown(int fd, int how) {
    return call(SHUTDOWN, fd, how, 0, 0, 0);
  }

  /// setsockopt(2) of an `int`.
  public static int setOption(int fd, int level, int option, int value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocateFrom(JAVA_INT, value);
      return call(SETSOCKOPT, fd, level, option, memory.address(), Integer.BYTES);
    }
  }

  /// setsockopt(2) of `SO_LINGER`: a close waits for so many seconds, resets the connection where
  /// they are 0, and does neither where they are negative.
  public static int setLinger(int fd, int seconds) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment linger =
          arena.allocateFrom(JAVA_INT, seconds < 0 ? 0 : 1, Math.max(seconds, 0));
      return call(SETSOCKOPT, fd, SOL_SOCKET, SO_LINGER, linger.address(), linger.byteSize());
    }
  }

  /// getsockopt(2) of an `int` that is not negative.
  public static int option(int fd, int level, int option) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocateFrom(JAVA_INT, 0, Integer.BYTES);
      long at = memory.address();
      int result = call(GETSOCKOPT, fd, level, option, at, at + Integer.BYTES);
      return result < 0 ? result : memory.get(JAVA_INT, 0);
    }
  }

  /// Whether TCP has given up a connection, of which `received` bytes were received, without the
  /// peer's end having come. The end has a sequence number of its own, which `tcpi_bytes_received`
  /// (since Linux 4.1) counts as a byte: so an end that a reset followed is told from a reset
  /// alone. False where the kernel does not say.
  public static boolean isReset(int fd, long received) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(TCP_INFO_BYTES + Integer.BYTES, Long.BYTES);
      long length = TCP_INFO_BYTES;
      memory.set(JAVA_INT, length, TCP_INFO_BYTES);
      long at = memory.address();
      int result = call(GETSOCKOPT, fd, IPPROTO_TCP, TCP_INFO, at, at + length);
      return result >= 0
          && memory.get(JAVA_INT, length) >= TCPI_BYTES_RECEIVED + Long.BYTES
          && memory.get(JAVA_BYTE, TCPI_STATE) == TCP_CLOSE
          && memory.get(JAVA_LONG, TCPI_BYTES_RECEIVED) <= received;
    }
  }

  /// getsockname(2), or getpeername(2) where `peer`.
  ///
  /// @throws SocketCallException where the kernel has no answer
  public static SocketAddress name(int fd, boolean peer) throws SocketCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(SocketAddresses.MAX_BYTES + Long.BYTES, Long.BYTES);
      long length = SocketAddresses.MAX_BYTES;
      memory.set(JAVA_INT, length, SocketAddresses.MAX_BYTES);
      long at = memory.address();
      int result = call(peer ? GETPEERNAME : GETSOCKNAME, fd, at, at + length, 0, 0);
      if (result < 0) {
        throw new SocketCallException(peer ? "getpeername" : "getsockname", -result);
      }
      return SocketAddresses.read(memory, memory.get(JAVA_INT, length));
    }
  }
}
