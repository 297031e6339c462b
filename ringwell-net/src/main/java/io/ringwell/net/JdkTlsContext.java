package io.ringwell.net;

import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/// The JDK's engines, as the options want them.
final class JdkTlsContext extends TlsContext {
  private final SSLContext context;

  JdkTlsContext(SSLContext context) {
    this.context = context;
  }

  @Override
  public TlsProvider provider() {
    return TlsProvider.JDK;
  }

  @Override
  TlsEngine client(String host, int port, TlsOptions options, boolean secret) throws SSLException {
    PeerName name = PeerName.of(host);
    SSLEngine engine = context.createSSLEngine(name.text(), port);
    engine.setUseClientMode(true);
    SSLParameters parameters = parameters(engine, options);
    if (options.verifyName()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 2818: names and addresses
    }
    parameters.setServerNames(serverNames(name));
    engine.setSSLParameters(parameters);
    engine.beginHandshake();
    return new JdkTlsEngine(engine);
  }

  /// A name that is none of a host (`a_b`) the JDK does not send, where OpenSSL sends it as it is:
  /// most servers do without. Where it is to be verified, the JDK refuses it in the handshake, even
  /// if the certificate is for it, which OpenSSL takes.
  private static List<SNIServerName> serverNames(PeerName name) {
    try {
      return name.isAddress() ? List.of() : List.of(new SNIHostName(name.text()));
    } catch (IllegalArgumentException _) {
      return List.of();
    }
  }

  @Override
  TlsEngine server(TlsOptions options, boolean secret) throws SSLException {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = parameters(engine, options);
    parameters.setNeedClientAuth(options.clientCertificate());
    parameters.setUseCipherSuitesOrder(true);
    engine.setSSLParameters(parameters);
    engine.beginHandshake();
    return new JdkTlsEngine(engine);
  }

  private static SSLParameters parameters(SSLEngine engine, TlsOptions options) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(options.protocols().toArray(String[]::new));
    parameters.setApplicationProtocols(options.applicationProtocols().toArray(String[]::new));
    return parameters;
  }
}
