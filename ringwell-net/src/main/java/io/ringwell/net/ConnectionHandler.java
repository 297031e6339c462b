package io.ringwell.net;

/// What a server does with a connection: protocol code, on a virtual thread of its own.
@FunctionalInterface
public interface ConnectionHandler {
  /// Speaks with one peer. When this returns the connection is closed, when it throws it is broken
  /// off.
  void handle(Connection connection) throws Exception;
}
