package io.ringwell.net;

import java.io.ByteArrayInputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// What a handshake agreed on. Immutable; holds nothing of the connection.
public final class TlsSession {
  private final TlsProvider provider;
  private final String protocol;
  private final String cipherSuite;
  private final String applicationProtocol;
  private final @Nullable String serverName;
  private final List<byte[]> peerCertificates;

  /// @param peerCertificates in DER, the peer's own first; not copied
  TlsSession(
      TlsProvider provider,
      String protocol,
      String cipherSuite,
      String applicationProtocol,
      @Nullable String serverName,
      List<byte[]> peerCertificates) {
    this.provider = provider;
    this.protocol = protocol;
    this.cipherSuite = cipherSuite;
    this.applicationProtocol = applicationProtocol;
    this.serverName = serverName;
    this.peerCertificates = List.copyOf(peerCertificates);
  }

  /// Who encrypts.
  public TlsProvider provider() {
    return provider;
  }

  /// `TLSv1.3` or `TLSv1.2`.
  public String protocol() {
    return protocol;
  }

  /// By its name at IANA, `TLS_AES_256_GCM_SHA384` for instance.
  public String cipherSuite() {
    return cipherSuite;
  }

  /// What ALPN has chosen; empty where it has not been used.
  public String applicationProtocol() {
    return applicationProtocol;
  }

  /// The name that the client asked for (SNI); null where it did not.
  public @Nullable String serverName() {
    return serverName;
  }

  /// The peer's own certificate, then those that lead to an authority, as it sent them; empty where
  /// it showed none. Parses them.
  ///
  /// @throws SSLException if the JDK does not understand one
  public List<X509Certificate> peerCertificates() throws SSLException {
    List<X509Certificate> all = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (byte[] each : peerCertificates) {
        Certificate certificate = factory.generateCertificate(new ByteArrayInputStream(each));
        all.add((X509Certificate) certificate);
      }
    } catch (CertificateException e) {
      throw new SSLException("the peer's certificate: " + e.getMessage(), e);
    }
    return List.copyOf(all);
  }

  @Override
  public String toString() {
    return "TlsSession[%s, %s, by %s]".formatted(protocol, cipherSuite, provider);
  }
}
