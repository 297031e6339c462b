package io.ringwell.net;

/// What a server does with a connection within TLS: protocol code, on a virtual thread of its own.
@FunctionalInterface
public interface TlsHandler {
  /// Speaks with one peer, hands being shaken. When this returns the connection is closed, with
  /// close_notify; when it throws it is broken off without.
  void handle(Tls tls) throws Exception;
}
