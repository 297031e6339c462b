package io.ringwell.net;

import java.io.IOException;
import javax.net.ssl.SSLContext;

/// Own certificate and key, whom to trust, and who encrypts: what stages have in common. Stages of
/// one context resume each other's sessions.
///
/// [TlsProvider] makes one of files in PEM, whoever encrypts. From any thread; never closed.
public abstract sealed class TlsContext permits JdkTlsContext, OpenSslTlsContext {
  TlsContext() {}

  /// The JDK encrypts, with keys and trust as `context` has them.
  public static TlsContext of(SSLContext context) {
    return new JdkTlsContext(context);
  }

  /// Who encrypts.
  public abstract TlsProvider provider();

  /// @param secret whether plain text is kept in secure memory: where it passes on its way there is
  ///   wiped, as far as the provider can
  abstract TlsEngine client(String host, int port, TlsOptions options, boolean secret)
      throws IOException;

  abstract TlsEngine server(TlsOptions options, boolean secret) throws IOException;
}
