package io.ringwell.net.openssl;

import static io.ringwell.sys.NativeLibrary.call;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A new `SSL` as its settings want it.
final class SslSetup {
  // ssl.h: SSL_CTRL_*, SSL_VERIFY_*.
  private static final long SET_TLSEXT_HOSTNAME = 55;
  private static final long SET_MIN_PROTO_VERSION = 123;
  private static final long SET_MAX_PROTO_VERSION = 124;
  private static final long VERIFY_PEER = 0x1;
  private static final long FAIL_IF_NO_PEER_CERT = 0x2;

  private static final long CLEANSE_PLAINTEXT = 1L << 1; // SSL_OP_*

  // x509_vfy.h, x509v3.h. As with the JDK, whoever is trusted needs no authority, and a * stands
  // for a whole part of a name.
  private static final long PARTIAL_CHAIN = 0x80000;
  private static final long NO_PARTIAL_WILDCARDS = 0x4;

  private SslSetup() {}

  /// @param lasting memory that is there as long as the connection
  static void apply(long ssl, SslContext context, SslSettings settings, Arena lasting)
      throws IOException {
    check(call(LibSsl.SSL_CTRL, ssl, SET_MIN_PROTO_VERSION, settings.leastVersion(), 0));
    check(call(LibSsl.SSL_CTRL, ssl, SET_MAX_PROTO_VERSION, settings.mostVersion(), 0));
    if (settings.wipes()) {
      call(LibSsl.SSL_SET_OPTIONS, ssl, CLEANSE_PLAINTEXT);
    }
    boolean insists = settings.insists();
    call(LibSsl.SSL_SET_VERIFY, ssl, insists ? VERIFY_PEER | FAIL_IF_NO_PEER_CERT : 0, 0);
    long verifying = call(LibSsl.SSL_GET0_PARAM, ssl);
    check(call(LibCrypto.X509_VERIFY_PARAM_SET_FLAGS, verifying, PARTIAL_CHAIN));
    String name = settings.name();
    if (name == null) {
      applyToServer(ssl, settings, lasting);
    } else {
      applyToClient(ssl, name, verifying, context, settings);
    }
  }

  private static void applyToServer(long ssl, SslSettings settings, Arena lasting)
      throws IOException {
    call(LibSsl.SSL_SET_ACCEPT_STATE, ssl);
    byte[] protocols = settings.applicationProtocolList();
    if (protocols.length > 0) {
      MemorySegment list = lasting.allocate(Integer.BYTES + protocols.length, Integer.BYTES);
      list.set(ValueLayout.JAVA_INT, 0, protocols.length);
      MemorySegment.copy(
          protocols, 0, list, ValueLayout.JAVA_BYTE, Integer.BYTES, protocols.length);
      AlpnChoice.set(ssl, list);
    }
    try (Arena arena = Arena.ofConfined()) {
      // A session for which no certificate was shown is none where one must be.
      MemorySegment kind = arena.allocateFrom(settings.insists() ? "insists" : "content");
      check(call(LibSsl.SSL_SET_SESSION_ID_CONTEXT, ssl, kind.address(), kind.byteSize() - 1));
    }
  }

  private static void applyToClient(
      long ssl, String name, long verifying, SslContext context, SslSettings settings)
      throws IOException {
    call(LibSsl.SSL_SET_CONNECT_STATE, ssl);
    try (Arena arena = Arena.ofConfined()) {
      long text = arena.allocateFrom(name).address();
      if (!settings.isAddress()) {
        check(call(LibSsl.SSL_CTRL, ssl, SET_TLSEXT_HOSTNAME, 0, text));
      }
      if (settings.verifyName() && settings.isAddress()) {
        check(call(LibCrypto.X509_VERIFY_PARAM_SET1_IP_ASC, verifying, text));
      } else if (settings.verifyName()) {
        call(LibCrypto.X509_VERIFY_PARAM_SET_HOSTFLAGS, verifying, NO_PARTIAL_WILDCARDS);
        check(call(LibCrypto.X509_VERIFY_PARAM_SET1_HOST, verifying, text, 0));
      }
      byte[] protocols = settings.applicationProtocolList();
      if (protocols.length > 0) {
        MemorySegment list = arena.allocateFrom(ValueLayout.JAVA_BYTE, protocols);
        // The other way round than all others: 0 is good.
        check((int) call(LibSsl.SSL_SET_ALPN_PROTOS, ssl, list.address(), protocols.length) + 1);
      }
    }
    long session = context.sessions().take(settings.sessionKey());
    if (session != 0) {
      call(LibSsl.SSL_SET_SESSION, ssl, session); // one that is of no use is not used
      call(LibSsl.SSL_SESSION_FREE, session);
    }
  }

  private static void check(long result) throws IOException {
    if ((int) result != 1) {
      throw new IOException("OpenSSL refuses what was set: " + SslErrors.take());
    }
  }
}
