package io.ringwell.net.openssl;

import static io.ringwell.sys.NativeLibrary.call;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Path;

/// An `SSL_CTX`: own certificate and key, whom to trust, sessions. For any number of threads.
///
/// It is freed when nobody has it any more, by way of the collector: each connection has it.
public final class SslContext {
  private static final Cleaner CLEANER = Cleaner.create();

  // ssl.h: SSL_OP_*.
  private static final long NO_COMPRESSION = 1L << 17;
  private static final long CIPHER_SERVER_PREFERENCE = 1L << 22;
  private static final long NO_RENEGOTIATION = 1L << 30;

  // ssl.h: SSL_CTRL_MODE, and SSL_MODE_*. A buffer is given back while there is no record in it:
  // 34 KiB for each connection that waits.
  private static final long MODE = 33;
  private static final long ENABLE_PARTIAL_WRITE = 0x1;
  private static final long ACCEPT_MOVING_WRITE_BUFFER = 0x2;
  private static final long RELEASE_BUFFERS = 0x10;

  private static final long PEM = 1; // SSL_FILETYPE_PEM

  /// The password of keys: none. Otherwise OpenSSL would ask at the terminal.
  private static final MemorySegment NO_PASSWORD = Arena.global().allocateFrom("");

  private final long address;
  private final SslSessions sessions = new SslSessions();

  private SslContext(long address) {
    this.address = address;
  }

  private static Runnable freeing(long address, SslSessions sessions) {
    return () -> {
      sessions.close();
      call(LibSsl.SSL_CTX_FREE, address);
    };
  }

  /// One without certificate, that trusts nobody.
  ///
  /// @throws IOException if OpenSSL is not there, or has no memory
  public static SslContext open() throws IOException {
    if (!OpenSsl.whyAbsent().isEmpty()) {
      throw new IOException(OpenSsl.whyAbsent());
    }
    SslErrors.clear();
    long address = call(LibSsl.SSL_CTX_NEW, call(LibSsl.TLS_METHOD));
    if (address == 0) {
      throw new IOException("no context of OpenSSL: " + SslErrors.take());
    }
    SslContext context = new SslContext(address);
    CLEANER.register(context, freeing(address, context.sessions));
    call(
        LibSsl.SSL_CTX_SET_OPTIONS,
        address,
        NO_COMPRESSION | CIPHER_SERVER_PREFERENCE | NO_RENEGOTIATION);
    call(
        LibSsl.SSL_CTX_CTRL,
        address,
        MODE,
        ENABLE_PARTIAL_WRITE | ACCEPT_MOVING_WRITE_BUFFER | RELEASE_BUFFERS,
        0);
    call(LibSsl.SSL_CTX_SET_DEFAULT_PASSWD_CB_USERDATA, address, NO_PASSWORD.address());
    call(LibSsl.SSL_CTX_SET_ALPN_SELECT_CB, address, AlpnChoice.ADDRESS, 0);
    return context;
  }

  /// Has a certificate and its key, which goes from the file to OpenSSL's memory alone.
  ///
  /// @throws IOException if one of the files does not hold what it should
  public void use(Path certificates, Path key) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      SslErrors.clear();
      long path = arena.allocateFrom(certificates.toString()).address();
      if (call(LibSsl.SSL_CTX_USE_CERTIFICATE_CHAIN_FILE, address, path) != 1) {
        throw new IOException(
            "%s holds no certificate in PEM: %s".formatted(certificates, SslErrors.take()));
      }
      long secret = arena.allocateFrom(key.toString()).address();
      if (call(LibSsl.SSL_CTX_USE_PRIVATEKEY_FILE, address, secret, PEM) != 1) {
        throw new IOException(
            "%s holds no private key, unencrypted and in PEM, of %s: %s"
                .formatted(key, certificates, SslErrors.take()));
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Trusts one more authority, or one certificate, as it is.
  ///
  /// @param der the certificate
  /// @param announced whether servers tell clients that certificates of it are welcome
  /// @throws IOException if OpenSSL does not understand it
  public void trust(byte[] der, boolean announced) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      SslErrors.clear();
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, der);
      MemorySegment pointer = arena.allocateFrom(ValueLayout.JAVA_LONG, bytes.address());
      long certificate = call(LibCrypto.D2I_X509, 0, pointer.address(), der.length);
      if (certificate == 0) {
        throw new IOException("an authority's certificate: " + SslErrors.take());
      }
      long store = call(LibSsl.SSL_CTX_GET_CERT_STORE, address);
      boolean taken = (int) call(LibCrypto.X509_STORE_ADD_CERT, store, certificate) == 1;
      if (taken && announced) {
        taken = (int) call(LibSsl.SSL_CTX_ADD1_TO_CA_LIST, address, certificate) == 1;
      }
      call(LibCrypto.X509_FREE, certificate);
      if (!taken) {
        throw new IOException("an authority's certificate: " + SslErrors.take());
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// @throws IOException if OpenSSL has no memory
  public SslConnection connect(SslSettings settings) throws IOException {
    return new SslConnection(this, settings);
  }

  long address() {
    return address;
  }

  SslSessions sessions() {
    return sessions;
  }
}
