package io.ringwell.net.openssl;

import io.ringwell.sys.NativeLibrary;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// The two libraries, by the names that say which binary interface they have.
final class Libraries {
  static final String SSL = "libssl.so.3";
  static final String CRYPTO = "libcrypto.so.3";

  private static final @Nullable NativeLibrary LIBSSL = NativeLibrary.open(SSL).orElse(null);
  private static final @Nullable NativeLibrary LIBCRYPTO = NativeLibrary.open(CRYPTO).orElse(null);

  private Libraries() {}

  /// The one that is not there; the empty string where both are.
  static String missing() {
    if (LIBSSL == null) {
      return SSL;
    }
    return LIBCRYPTO == null ? CRYPTO : "";
  }

  static MethodHandle ssl(String function, int arguments) {
    return there(LIBSSL).function(function, arguments);
  }

  static MethodHandle crypto(String function, int arguments) {
    return there(LIBCRYPTO).function(function, arguments);
  }

  private static NativeLibrary there(@Nullable NativeLibrary library) {
    if (library == null) {
      throw new UnsatisfiedLinkError("OpenSSL is not there");
    }
    return library;
  }
}
