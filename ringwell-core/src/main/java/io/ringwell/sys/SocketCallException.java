package io.ringwell.sys;

import java.net.SocketException;

/// A call on a socket failed.
public final class SocketCallException extends SocketException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  public SocketCallException(String call, int errno) {
    super(call + ": " + Errno.name(errno) + " (" + Errno.describe(errno) + ")");
    this.errno = errno;
  }

  /// The error number.
  public int errno() {
    return errno;
  }
}
