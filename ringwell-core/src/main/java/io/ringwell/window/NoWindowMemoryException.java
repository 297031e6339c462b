package io.ringwell.window;

import java.io.IOException;

/// There was no memory for a window, within the bounds that were set. The message says which bound,
/// and what to do.
public final class NoWindowMemoryException extends IOException {
  private static final long serialVersionUID = 1L;

  NoWindowMemoryException(String message) {
    super(message);
  }
}
