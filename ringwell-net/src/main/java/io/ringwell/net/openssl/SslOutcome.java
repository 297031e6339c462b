package io.ringwell.net.openssl;

import static io.ringwell.sys.NativeLibrary.call;
import static io.ringwell.sys.NativeLibrary.memory;
import static io.ringwell.sys.NativeLibrary.text;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a handshake agreed on.
///
/// @param applicationProtocol empty where there is none
/// @param serverName empty where the client sent none
/// @param certificates the peer's, in DER, its own first
public record SslOutcome(
    String protocol,
    String cipherSuite,
    String applicationProtocol,
    String serverName,
    List<byte[]> certificates) {

  private static final long HOST_NAME = 0; // TLSEXT_NAMETYPE_host_name

  static SslOutcome of(long ssl) {
    long cipher = call(LibSsl.SSL_GET_CURRENT_CIPHER, ssl);
    try (Arena arena = Arena.ofConfined()) {
      return new SslOutcome(
          text(call(LibSsl.SSL_GET_VERSION, ssl)),
          text(call(LibSsl.SSL_CIPHER_STANDARD_NAME, cipher)),
          applicationProtocol(ssl, arena),
          text(call(LibSsl.SSL_GET_SERVERNAME, ssl, HOST_NAME)),
          certificates(ssl, arena));
    }
  }

  private static String applicationProtocol(long ssl, Arena arena) {
    MemorySegment pointer = arena.allocate(JAVA_LONG);
    MemorySegment length = arena.allocate(JAVA_INT);
    call(LibSsl.SSL_GET0_ALPN_SELECTED, ssl, pointer.address(), length.address());
    int bytes = length.get(JAVA_INT, 0);
    byte[] name = memory(pointer.get(JAVA_LONG, 0), bytes).toArray(JAVA_BYTE);
    return new String(name, StandardCharsets.UTF_8);
  }

  /// A server's chain has the peer's own certificate in it, a client's has not.
  private static List<byte[]> certificates(long ssl, Arena arena) {
    List<byte[]> all = new ArrayList<>();
    long own = call(LibSsl.SSL_GET1_PEER_CERTIFICATE, ssl);
    if (own == 0) {
      return all;
    }
    all.add(encoded(own, arena));
    call(LibCrypto.X509_FREE, own);
    long chain = call(LibSsl.SSL_GET_PEER_CERT_CHAIN, ssl);
    int count = chain == 0 ? 0 : (int) call(LibCrypto.OPENSSL_SK_NUM, chain);
    for (int i = 0; i < count; i++) {
      byte[] next = encoded(call(LibCrypto.OPENSSL_SK_VALUE, chain, i), arena);
      if (i > 0 || !Arrays.equals(next, all.getFirst())) {
        all.add(next);
      }
    }
    return all;
  }

  private static byte[] encoded(long certificate, Arena arena) {
    int length = (int) call(LibCrypto.I2D_X509, certificate, 0);
    if (length <= 0) {
      throw new IllegalStateException("a certificate that was parsed has a form");
    }
    MemorySegment bytes = arena.allocate(length);
    MemorySegment pointer = arena.allocateFrom(JAVA_LONG, bytes.address());
    call(LibCrypto.I2D_X509, certificate, pointer.address());
    return bytes.toArray(JAVA_BYTE);
  }
}
