package io.ringwell.net;

import java.io.IOException;

/// A connection broke off, or was broken off. The message names the peer and says why.
public final class ConnectionException extends IOException {
  private static final long serialVersionUID = 1L;

  ConnectionException(String message) {
    super(message);
  }

  ConnectionException(String message, Throwable cause) {
    super(message, cause);
  }
}
