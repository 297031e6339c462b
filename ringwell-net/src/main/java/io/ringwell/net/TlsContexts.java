package io.ringwell.net;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Contexts from files in PEM. Reads files; keys end up on the heap, where the JDK's engine wants
/// them.
public final class TlsContexts {
  private TlsContexts() {}

  /// For a server, or a client with a certificate.
  ///
  /// @param certificates its own first, then those that lead to an authority
  /// @param key its private key, unencrypted: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC)
  /// @param authorities whom to trust; null: whom the JDK trusts
  /// @throws IOException if a file cannot be read or does not hold what it should, or if the key is
  ///   not that of the first certificate; the message names the file, and what to do
  public static SSLContext of(Path certificates, Path key, @Nullable Path authorities)
      throws IOException {
    try {
      List<Certificate> chain = Pem.certificates(certificates);
      PrivateKey own = Pem.privateKey(key);
      Pem.requireFit(certificates, chain.getFirst(), key, own);
      KeyStore store = emptyStore();
      store.setKeyEntry("own", own, new char[0], chain.toArray(Certificate[]::new));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, new char[0]);
      return context(factory.getKeyManagers(), authorities);
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "certificate %s with key %s: %s".formatted(certificates, key, e.getMessage()), e);
    }
  }

  /// For a client.
  ///
  /// @param authorities whom to trust; null: whom the JDK trusts
  /// @throws IOException if the file cannot be read or does not hold certificates
  public static SSLContext client(@Nullable Path authorities) throws IOException {
    try {
      return context(null, authorities);
    } catch (GeneralSecurityException e) {
      throw new IOException("authorities %s: %s".formatted(authorities, e.getMessage()), e);
    }
  }

  private static SSLContext context(KeyManager @Nullable [] keys, @Nullable Path authorities)
      throws IOException, GeneralSecurityException {
    TrustManager[] trust = null;
    if (authorities != null) {
      KeyStore store = emptyStore();
      int count = 0;
      for (Certificate each : Pem.certificates(authorities)) {
        store.setCertificateEntry("authority-" + count++, each);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      trust = factory.getTrustManagers();
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, trust, null);
    return context;
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
