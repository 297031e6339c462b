package io.ringwell.net;

import java.util.List;
import javax.net.ssl.SNIHostName;
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
    SSLEngine engine = context.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = parameters(engine, options);
    if (options.verifyName()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 2818: names and addresses
    }
    PeerName name = PeerName.of(host);
    if (!name.isAddress()) {
      parameters.setServerNames(List.of(new SNIHostName(name.text())));
    }
    engine.setSSLParameters(parameters);
    engine.beginHandshake();
    return new JdkTlsEngine(engine);
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
