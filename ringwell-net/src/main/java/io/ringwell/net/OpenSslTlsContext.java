package io.ringwell.net;

import io.ringwell.net.openssl.SslContext;
import io.ringwell.net.openssl.SslSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// A context of OpenSSL.
final class OpenSslTlsContext extends TlsContext {
  private final SslContext context;
  private final ReentrantLock lock = new ReentrantLock();

  /// Whom the JDK trusts is only asked when there is somebody to trust, since that takes long.
  private boolean trusting;

  OpenSslTlsContext(@Nullable Path certificates, @Nullable Path key, @Nullable Path authorities)
      throws IOException {
    context = SslContext.open();
    try {
      if (certificates != null && key != null) {
        Pem.certificates(certificates); // says better what is wrong with the file
        requireReadable(key);
        context.use(certificates, key);
      }
      if (authorities != null) {
        for (Certificate each : Pem.certificates(authorities)) {
          context.trust(each.getEncoded(), true);
        }
        trusting = true;
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("a certificate for OpenSSL: " + e.getMessage(), e);
    }
  }

  /// A missing file is best told of by the JDK. The key itself is OpenSSL's to read.
  private static void requireReadable(Path path) throws IOException {
    Files.newInputStream(path).close();
  }

  @Override
  public TlsProvider provider() {
    return TlsProvider.OPENSSL;
  }

  @Override
  TlsEngine client(String host, int port, TlsOptions options, boolean secret) throws IOException {
    trustAsTheJdkDoes();
    PeerName name = PeerName.of(host);
    return new OpenSslTlsEngine(
        context.connect(
            new SslSettings(
                options.protocols(),
                options.applicationProtocols(),
                true,
                name.text(),
                name.isAddress(),
                options.verifyName(),
                port,
                secret)));
  }

  @Override
  TlsEngine server(TlsOptions options, boolean secret) throws IOException {
    if (options.clientCertificate()) {
      trustAsTheJdkDoes();
    }
    return new OpenSslTlsEngine(
        context.connect(
            new SslSettings(
                options.protocols(),
                options.applicationProtocols(),
                options.clientCertificate(),
                null,
                false,
                false,
                0,
                secret)));
  }

  private void trustAsTheJdkDoes() throws IOException {
    lock.lock();
    try {
      if (trusting) {
        return;
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      for (TrustManager each : factory.getTrustManagers()) {
        if (each instanceof X509TrustManager known) {
          for (X509Certificate one : known.getAcceptedIssuers()) {
            context.trust(one.getEncoded(), false);
          }
        }
      }
      trusting = true;
    } catch (GeneralSecurityException e) {
      throw new IOException("whom the JDK trusts: " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }
}
