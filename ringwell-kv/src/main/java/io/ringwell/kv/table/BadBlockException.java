package io.ringwell.kv.table;

import java.io.IOException;

/// A block whose bytes do not decode: what is wrong with them, not yet where they lie.
final class BadBlockException extends IOException {
  private static final long serialVersionUID = 1L;

  BadBlockException(String message) {
    super(message);
  }

  BadBlockException(String message, Throwable cause) {
    super(message, cause);
  }
}
