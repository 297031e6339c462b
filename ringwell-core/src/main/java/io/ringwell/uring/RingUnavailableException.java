package io.ringwell.uring;

import io.ringwell.sys.Errno;
import java.io.IOException;

/// A ring could not be set up: io_uring is absent, refused, or out of resources. The message says
/// which, and what would help.
public final class RingUnavailableException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final int errno;

  RingUnavailableException(String message, int errno) {
    super(message);
    this.reason = message;
    this.errno = errno;
  }

  /// The call that was refused, and with which error number.
  public static RingUnavailableException of(String call, int errno) {
    return new RingUnavailableException(
        call + ": " + Errno.name(errno) + " (" + Errno.describe(errno) + "); " + remedy(errno),
        errno);
  }

  private static String remedy(int errno) {
    return switch (errno) {
      case Errno.ENOSYS -> "this kernel has no io_uring (Linux 5.6 or later has it)";
      case Errno.EPERM ->
          "io_uring is refused here: by a seccomp filter, as Docker's default one does, or by"
              + " /proc/sys/kernel/io_uring_disabled";
      case Errno.EACCES -> "a security module refuses io_uring";
      case Errno.ENOMEM -> "the locked-memory limit is too low (ulimit -l), or memory is short";
      case Errno.EMFILE, Errno.ENFILE -> "too many open files (ulimit -n)";
      default -> "io_uring cannot be used";
    };
  }

  /// The message: which call was refused, how, and what would help.
  public String reason() {
    return reason;
  }

  /// The error number, 0 where the platform has no io_uring at all.
  public int errno() {
    return errno;
  }
}
