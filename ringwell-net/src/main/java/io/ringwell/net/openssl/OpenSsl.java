package io.ringwell.net.openssl;

import static io.ringwell.sys.NativeLibrary.call;
import static io.ringwell.sys.NativeLibrary.text;

import java.util.concurrent.atomic.AtomicLong;

/// Whether OpenSSL is there. Looks once, when first asked; never throws.
public final class OpenSsl {
  private static final String REMEDY =
      "install OpenSSL 3 (Debian, Ubuntu: apt-get install libssl3; Fedora: dnf install"
          + " openssl-libs), or have the JDK encrypt (TlsProvider.JDK)";

  // crypto.h, ssl.h: OPENSSL_INIT_*. At the process's exit other threads may still be at work.
  private static final long LOAD_CRYPTO_STRINGS = 0x2;
  private static final long NO_ATEXIT = 0x80000;
  private static final long LOAD_SSL_STRINGS = 0x200000;

  private static final int VERSION = 0; // OPENSSL_VERSION

  static final AtomicLong CONNECTIONS = new AtomicLong();

  private static final String WHY_ABSENT = look();

  private OpenSsl() {}

  private static String look() {
    String missing = Libraries.missing();
    if (!missing.isEmpty()) {
      return "OpenSSL cannot be used: there is no %s that can be loaded; %s"
          .formatted(missing, REMEDY);
    }
    try {
      if (call(LibCrypto.OPENSSL_VERSION, VERSION) != 0
          && call(LibSsl.OPENSSL_INIT_SSL, NO_ATEXIT | LOAD_CRYPTO_STRINGS | LOAD_SSL_STRINGS, 0)
              == 1) {
        return "";
      }
      return "OpenSSL cannot be used: %s does not start (%s); %s"
          .formatted(Libraries.SSL, SslErrors.take(), REMEDY);
    } catch (LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return "OpenSSL cannot be used: %s has %s; %s"
          .formatted(Libraries.SSL, cause.getMessage(), REMEDY);
    }
  }

  /// Why it cannot be used and what to do; the empty string where it can.
  public static String whyAbsent() {
    return WHY_ABSENT;
  }

  /// `OpenSSL 3.0.19 27 Jan 2026`, for instance. Only where it can be used.
  public static String version() {
    return text(call(LibCrypto.OPENSSL_VERSION, VERSION));
  }

  /// How many connections have memory of OpenSSL now.
  public static long connections() {
    return CONNECTIONS.get();
  }
}
