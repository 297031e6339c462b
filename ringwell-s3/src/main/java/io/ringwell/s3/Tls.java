package io.ringwell.s3;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Who does the TLS of a store's connections, and whom they trust.
///
/// BoringSSL does where `netty-tcnative-boringssl-static` is there and its library can be loaded:
/// it takes memory as it is and leaves no garbage, where the JDK makes a cipher and its tables anew
/// for each record of 16 KiB. `-Dringwell.s3.tls=jdk` has the JDK do it all the same, and
/// `=boringssl` refuses to go on without. Keys of the client's own, from `javax.net.ssl.keyStore`,
/// are the JDK's to use.
final class Tls {
  static final String PROPERTY = "ringwell.s3.tls";

  private final boolean isNative;
  private final @Nullable Path caFile;

  // One of them, made with the first connection.
  private @Nullable SSLContext jdk;
  private @Nullable SslContext openSsl;

  private Tls(boolean isNative, @Nullable Path caFile) {
    this.isNative = isNative;
    this.caFile = caFile;
  }

  /// @param asked as the property says it; empty where it does not
  /// @param caFile whom to trust; null for the JDK's certificates
  /// @throws IOException where BoringSSL was asked for that cannot be had
  static Tls find(String asked, @Nullable Path caFile) throws IOException {
    return switch (asked) {
      case "" -> new Tls(System.getProperty("javax.net.ssl.keyStore") == null && isThere(), caFile);
      case "jdk" -> new Tls(false, caFile);
      case "boringssl" -> {
        if (!isThere()) {
          throw new IOException(
              "-D"
                  + PROPERTY
                  + "=boringssl: it cannot be had, put netty-tcnative-boringssl-static on the class"
                  + " path ("
                  + OpenSsl.unavailabilityCause()
                  + ")",
              OpenSsl.unavailabilityCause());
        }
        yield new Tls(true, caFile);
      }
      default -> throw new IOException("-D" + PROPERTY + "=" + asked + ": takes jdk or boringssl");
    };
  }

  /// Not another library of the same shape: what is there decides about the versions of TLS.
  private static boolean isThere() {
    return OpenSsl.isAvailable() && OpenSsl.versionString().contains("BoringSSL");
  }

  boolean isNative() {
    return isNative;
  }

  /// For Netty.
  SslProvider provider() {
    return isNative ? SslProvider.OPENSSL : SslProvider.JDK;
  }

  /// Of a client that is about to connect, and checks that the certificate is the host's.
  SSLEngine engine(String host, int port) throws IOException {
    SSLEngine engine =
        isNative
            ? openSsl().newEngine(UnpooledByteBufAllocator.DEFAULT, host, port)
            : jdk().createSSLEngine(host, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return engine;
  }

  /// An engine is of no use any more: what it has beyond the heap is freed.
  static void release(SSLEngine engine) {
    ReferenceCountUtil.release(engine);
  }

  private synchronized SslContext openSsl() throws IOException {
    if (openSsl == null) {
      SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(provider());
      TrustManagerFactory trusted = trusted();
      if (trusted != null) {
        builder.trustManager(trusted);
      }
      openSsl = builder.build();
    }
    return openSsl;
  }

  private synchronized SSLContext jdk() throws IOException {
    if (jdk == null) {
      try {
        TrustManagerFactory trusted = trusted();
        if (trusted == null) {
          jdk = SSLContext.getDefault();
        } else {
          jdk = SSLContext.getInstance("TLS");
          jdk.init(null, trusted.getTrustManagers(), null);
        }
      } catch (GeneralSecurityException e) {
        throw new SSLException("this JDK has no TLS: " + e.getMessage(), e);
      }
    }
    return jdk;
  }

  /// Null for the JDK's own.
  TrustManager @Nullable [] trustManagers() throws IOException {
    TrustManagerFactory trusted = trusted();
    return trusted == null ? null : trusted.getTrustManagers();
  }

  private @Nullable TrustManagerFactory trusted() throws IOException {
    if (caFile == null) {
      return null;
    }
    try (InputStream pem = Files.newInputStream(caFile)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca-" + count++, certificate);
      }
      if (count == 0) {
        throw new IOException("there is no certificate in " + caFile + ": AWS_CA_BUNDLE takes PEM");
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory;
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + caFile + ", which AWS_CA_BUNDLE names", e);
    } catch (GeneralSecurityException e) {
      throw new IOException(
          caFile + " has no certificates that can be read: AWS_CA_BUNDLE takes PEM", e);
    }
  }

  @Override
  public String toString() {
    return isNative ? "BoringSSL" : "JDK";
  }
}
