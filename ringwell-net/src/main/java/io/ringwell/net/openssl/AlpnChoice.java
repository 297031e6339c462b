package io.ringwell.net.openssl;

import static io.ringwell.sys.NativeLibrary.call;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringwell.sys.NativeLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// A server's choice among what a client offers by ALPN: the one place where OpenSSL calls Java,
/// once in a handshake. The list of the server lies in native memory, where the connection has its
/// address.
final class AlpnChoice {
  private static final int EX_DATA = 0; // SSL_set_app_data(3)

  // tls1.h: SSL_TLSEXT_ERR_*.
  private static final int OK = 0;
  private static final int ALERT_FATAL = 2;
  private static final int NOACK = 3;

  private static final int NEGOTIATED = 1; // OPENSSL_NPN_NEGOTIATED

  /// `SSL_CTX_alpn_select_cb_func`.
  static final long ADDRESS = callback();

  private AlpnChoice() {}

  private static long callback() {
    try {
      MethodType type =
          MethodType.methodType(
              int.class, long.class, long.class, long.class, long.class, int.class, long.class);
      return NativeLibrary.callback(
          MethodHandles.lookup().findStatic(AlpnChoice.class, "choose", type),
          FunctionDescriptor.of(
              JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// @param list the length in an int, then the protocols; it must stay there as long as `ssl`
  static void set(long ssl, MemorySegment list) {
    call(LibSsl.SSL_SET_EX_DATA, ssl, EX_DATA, list.address());
  }

  /// Called by OpenSSL. Throws nothing.
  static int choose(long ssl, long out, long outLength, long in, int inLength, long unused) {
    long list = call(LibSsl.SSL_GET_EX_DATA, ssl, EX_DATA);
    if (list == 0) {
      return NOACK;
    }
    int length = NativeLibrary.memory(list, Integer.BYTES).get(JAVA_INT, 0);
    long first = list + Integer.BYTES;
    long chosen = call(LibSsl.SSL_SELECT_NEXT_PROTO, out, outLength, first, length, in, inLength);
    return (int) chosen == NEGOTIATED ? OK : ALERT_FATAL;
  }
}
