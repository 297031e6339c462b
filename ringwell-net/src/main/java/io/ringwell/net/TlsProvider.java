package io.ringwell.net;

import io.ringwell.net.openssl.OpenSsl;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Who encrypts.
public enum TlsProvider {
  /// The JDK's `SSLEngine`. It is always there. Keys and copies of what it works on are on the
  /// heap.
  JDK {
    @Override
    TlsContext make(@Nullable Path certificates, @Nullable Path key, @Nullable Path authorities)
        throws IOException {
      return TlsContext.of(
          certificates == null || key == null
              ? TlsContexts.client(authorities)
              : TlsContexts.of(certificates, key, authorities));
    }

    @Override
    public String whyAbsent() {
      return "";
    }
  },

  /// OpenSSL 3 (`libssl.so.3`), where it is installed. With a secure pool plain text rests in the
  /// memory of the pipes alone: OpenSSL wipes its buffer after each record that was read. Keys are
  /// in OpenSSL's memory, never on the heap. Without it there is an `IOException` that says what to
  /// do.
  OPENSSL {
    @Override
    TlsContext make(@Nullable Path certificates, @Nullable Path key, @Nullable Path authorities)
        throws IOException {
      return new OpenSslTlsContext(certificates, key, authorities);
    }

    @Override
    public String whyAbsent() {
      return OpenSsl.whyAbsent();
    }
  };

  /// OpenSSL where it is there, the JDK where it is not.
  public static TlsProvider best() {
    return OPENSSL.isAvailable() ? OPENSSL : JDK;
  }

  /// Whether it is there. Looks for libraries when first asked.
  public boolean isAvailable() {
    return whyAbsent().isEmpty();
  }

  /// Which library is missing and what to do; the empty string where it is there.
  public abstract String whyAbsent();

  /// For a server, or a client with a certificate. Reads the files.
  ///
  /// @param certificates in PEM, its own first, then those that lead to an authority
  /// @param key its private key, unencrypted: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC)
  /// @param authorities whom to trust; null: whom the JDK trusts
  /// @throws IOException if a file cannot be read or does not hold what it should
  public TlsContext context(Path certificates, Path key, @Nullable Path authorities)
      throws IOException {
    return make(certificates, key, authorities);
  }

  /// For a client.
  ///
  /// @param authorities whom to trust; null: whom the JDK trusts
  /// @throws IOException if the file cannot be read or does not hold certificates
  public TlsContext client(@Nullable Path authorities) throws IOException {
    return make(null, null, authorities);
  }

  abstract TlsContext make(
      @Nullable Path certificates, @Nullable Path key, @Nullable Path authorities)
      throws IOException;
}
